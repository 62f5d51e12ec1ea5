"use strict";
// Textual's script makes the terminal, and puts the class "-first-byte" on the body once the app
// draws, and "-closed" when the connection has ended.
const body = document.body;
const again = document.querySelector("#again");
const why = document.querySelector("#ended-why");

// Keys go to the app without a click, also when the tab is come back to.
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
