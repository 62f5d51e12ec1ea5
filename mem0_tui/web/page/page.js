"use strict";
// What Textual's script, which comes after this one, does not do.
let unsaved = false;

// The app says whether something is staged; for so long the browser asks before it closes the tab,
// which takes one Ctrl+W.
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address);
    this.addEventListener("message", ({ data }) => {
      if (typeof data === "string") {
        const [kind, value] = JSON.parse(data);
        unsaved = kind === "unsaved" ? value : unsaved;
      }
    });
    this.addEventListener("close", () => {
      unsaved = false;
    });
  }
};
window.addEventListener("beforeunload", (leaving) => {
  if (unsaved) {
    leaving.preventDefault();
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const body = document.body;
  const again = document.querySelector("#again");
  const why = document.querySelector("#ended-why");

  // Keys go to the app without a click, also when the tab is come back to.
  function takeKeys() {
    const keys = document.querySelector(".xterm-helper-textarea");
    (body.classList.contains("-closed") ? again : keys)?.focus();
  }
  window.addEventListener("focus", takeKeys);

  // Textual's script puts "-first-byte" on the body with everything that the app draws, and
  // "-closed" when the connection has ended. Only once the app draws does it keep in mind that it
  // has the focus.
  let state = "";
  new MutationObserver(() => {
    const now = ["-closed", "-first-byte"].find((each) => body.classList.contains(each)) ?? "";
    if (now !== state) {
      state = now;
      document.activeElement?.blur();
      takeKeys();
    }
  }).observe(body, { attributeFilter: ["class"] });

  again.addEventListener("click", async () => {
    try {
      await fetch(location.href, { cache: "no-store" });
      location.reload();
    } catch {
      why.textContent = "mem0-tui web is no longer running: start it again in the terminal.";
    }
  });
});
