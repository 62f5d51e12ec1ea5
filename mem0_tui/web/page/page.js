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

  // Keys go to the app without a click, also when the tab is come back to. Textual's script puts
  // "-first-byte" on the body once the app draws, and "-closed" when the connection has ended.
  function takeKeys() {
    if (body.classList.contains("-closed")) {
      again.focus();
    } else {
      document.querySelector(".xterm-helper-textarea")?.focus();
    }
  }

  new MutationObserver(takeKeys).observe(body, { attributeFilter: ["class"] });
  window.addEventListener("focus", takeKeys);

  again.addEventListener("click", async () => {
    try {
      await fetch(location.href, { cache: "no-store" });
      location.reload();
    } catch {
      why.textContent = "mem0-tui web is no longer running: start it again in the terminal.";
    }
  });
});
