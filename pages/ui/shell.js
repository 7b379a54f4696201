// What every page needs of the browser, and Streamlit does not give: a list of the keys, a way to turn
// them off, words for a server that has stopped, and roles that a screen reader understands.
const KEYS = "likeness-keys";
const SAID_MS = 4000;
const STOPPED = /Is Streamlit still running|Streamlit server is not responding|Cannot connect to Streamlit/;
const TYPED_INTO = "input, textarea, select, [contenteditable=true], [role=listbox], [role=menu], [role=combobox]";

// Kept once for the tab: the component is drawn anew at every page.
const shell = (window.likenessShell ??= { begun: false, dialog: null, library: "", said: null, saying: 0 });

// -- keys -----------------------------------------------------------------------------------------

const keysAreOn = () => localStorage.getItem(KEYS) !== "off";

function turnKeys(on) {
  localStorage.setItem(KEYS, on ? "on" : "off");
  document.documentElement.dataset.keys = on ? "on" : "off";
}

function pressed(event) {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " || event.target.closest?.(TYPED_INTO)) return;
  // Before Streamlit hears of it, which listens at the document; what has the focus has heard it.
  if (!keysAreOn()) {
    event.stopPropagation();
    return;
  }
  const keys = [event.key.toUpperCase(), event.code.replace("Key", "")];
  const meant = keysOfPage().find(({ key }) => keys.includes(key));
  const open = document.querySelector("[role=dialog], dialog[open]");
  if (open || meant || event.key === "?") event.stopPropagation();
  if (open) {
    // It would press a button of the page behind.
    if (meant && !event.repeat) say(`${meant.key} was not used: close the open window first.`);
  } else if (meant) {
    event.preventDefault();
    // Streamlit loses a key while another is still down, and for a moment after a button is drawn.
    // One that is held down is pressed once.
    if (!event.repeat) meant.button.click();
  } else if (event.key === "?") {
    event.preventDefault();
    showKeys();
  }
}

function keysOfPage() {
  const buttons = document.querySelectorAll("button:has([data-has-shortcut=true])");
  return [...buttons].map((button) => {
    const key = button.querySelector("kbd, [data-testid=stButtonShortcut]") ?? button.querySelector("[data-has-shortcut=true]").lastElementChild;
    const words = button.querySelector("[data-testid=stMarkdownContainer]")?.textContent ?? "";
    return { button, key: key?.textContent ?? "", words };
  });
}

// -- what a key or a click did not do ---------------------------------------------------------------

function say(words) {
  const said = (shell.said ??= part("div", ""));
  said.className = "likeness-said";
  said.setAttribute("role", "status");
  if (!said.isConnected) document.body.append(said);
  said.textContent = words;
  said.hidden = false;
  clearTimeout(shell.saying);
  shell.saying = setTimeout(() => (said.hidden = true), SAID_MS);
}
window.likenessSay = say;

function part(kind, words, inside) {
  const made = document.createElement(kind);
  made.textContent = words;
  inside?.append(made);
  return made;
}

function showKeys() {
  shell.dialog?.remove();
  const dialog = (shell.dialog = document.createElement("dialog"));
  dialog.className = "likeness-keys";
  dialog.setAttribute("aria-labelledby", "likeness-keys-title");
  const title = part("h2", "Keyboard shortcuts", dialog);
  title.id = "likeness-keys-title";
  const list = part("dl", "", dialog);
  const rows = keysOfPage().map(({ key, words }) => [key, words]);
  rows.push(["R", "Load this page again"], ["?", "Show this list"]);
  for (const [key, words] of rows) {
    const row = part("div", "", list);
    part("kbd", key, part("dt", "", row));
    part("dd", words, row);
  }
  const label = part("label", "", dialog);
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = keysAreOn();
  box.addEventListener("change", () => turnKeys(box.checked));
  label.append(box, " Use these keys in this browser");
  const close = part("button", "Close", dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// -- a server that has stopped ----------------------------------------------------------------------

function sayWhatToDo() {
  for (const dialog of document.querySelectorAll("[role=dialog]")) {
    if (dialog.querySelector(".likeness-stopped") || !STOPPED.test(dialog.textContent)) continue;
    const place = [...dialog.querySelectorAll("p, div, span")].find(
      (one) => STOPPED.test(one.textContent) && ![...one.children].some((inner) => STOPPED.test(inner.textContent)),
    );
    if (!place) continue;
    // Streamlit keeps what it has made, and may take it away itself: hidden, not changed.
    const said = document.createElement("div");
    said.className = "likeness-stopped";
    part("p", "The program is not answering. Keep this page open: it goes on by itself as soon as the program is back.", said);
    part("p", "If that takes more than a minute, tell your IT that the Likeness program has stopped and has to be started again.", said);
    place.parentElement.insertBefore(said, place);
    for (let next = place; next; next = next.nextElementSibling) next.style.display = "none";
  }
}

// -- roles ------------------------------------------------------------------------------------------

function mendRoles() {
  // Groups of links are neither items nor headers of a list (streamlit/streamlit: st.navigation).
  for (const list of document.querySelectorAll("[data-testid=stSidebarNavItems]:not([role])")) list.setAttribute("role", "presentation");
  for (const item of document.querySelectorAll("[data-testid=stSidebarNavItems] li:not([role])")) item.setAttribute("role", "presentation");
  for (const header of document.querySelectorAll("[data-testid=stNavSectionHeader]:not([data-mended])")) {
    header.dataset.mended = "";
    header.parentElement.setAttribute("role", "group");
    header.parentElement.setAttribute("aria-label", header.querySelector("p")?.textContent ?? "");
  }
  for (const drop of document.querySelectorAll("section[role=presentation][aria-label]")) drop.setAttribute("role", "group");
  for (const part of document.querySelectorAll('[role=spinbutton][aria-valuenow=""]')) part.removeAttribute("aria-valuenow");
  // What scrolls sideways must be reached by the keyboard.
  for (const table of document.querySelectorAll(".stMarkdown table")) {
    const around = table.closest(".stMarkdown");
    if (around.scrollWidth > around.clientWidth + 1 && !around.hasAttribute("tabindex")) {
      around.tabIndex = 0;
      around.setAttribute("role", "region");
      around.setAttribute("aria-label", "Table");
    }
  }
  if (shell.library) {
    for (const logo of document.querySelectorAll("[data-testid=stSidebarLogo], [data-testid=stHeaderLogo]")) {
      if (logo.alt !== shell.library) logo.alt = shell.library;
    }
  }
}

// -- dialogs ----------------------------------------------------------------------------------------

function typeAtOnce() {
  for (const field of document.querySelectorAll("[role=dialog] .st-key-typed-at-once:not([data-focused])")) {
    const input = field.querySelector("input, textarea");
    if (!input) continue;
    field.dataset.focused = "";
    input.focus();
  }
}

let asked = false;
function look() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    sayWhatToDo();
    mendRoles();
    typeAtOnce();
  });
}

export default function (component) {
  shell.library = component.data.library;
  // For the head of what is printed.
  document.documentElement.style.setProperty("--library", JSON.stringify(shell.library));
  document.documentElement.dataset.keys = keysAreOn() ? "on" : "off";
  if (!shell.begun) {
    shell.begun = true;
    document.body.addEventListener("keydown", pressed);
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("[data-likeness=keys]")) showKeys();
    });
    const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuenow", "role"] };
    new MutationObserver(look).observe(document.body, changes);
  }
  look();
}
