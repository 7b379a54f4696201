// Tells by the browser's own notice that a check has ended, for whoever asked for it in this tab.
export default function (component) {
  const root = component.parentElement.querySelector('[data-part="notice"]');
  const { check, ended, words } = component.data;
  const wish = `likeness-notice-${check}`;
  // Browsers have notices only over HTTPS, and on the computer itself.
  if (!("Notification" in window) || !window.isSecureContext) return;
  const asked = () => sessionStorage.getItem(wish) !== null;
  if (ended) {
    root.replaceChildren();
    if (!asked()) return;
    sessionStorage.removeItem(wish);
    if (Notification.permission !== "granted") return;
    const notice = new Notification("The check is done", { body: words, tag: wish });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return;
  }
  const say = () => {
    const denied = Notification.permission === "denied";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = asked() ? "You will be told when it is done" : "Tell me when it is done";
    button.setAttribute("aria-pressed", String(asked()));
    button.onclick = async () => {
      if (asked()) sessionStorage.removeItem(wish);
      else if ((await Notification.requestPermission()) === "granted") sessionStorage.setItem(wish, "asked");
      say();
      root.querySelector("button")?.focus();
    };
    const note = document.createElement("span");
    if (denied) note.textContent = "This browser allows no notices here.";
    else if (asked()) note.textContent = "As long as this tab is open.";
    root.replaceChildren(...(denied ? [note] : [button, note]));
  };
  if (!root.childElementCount) say();
}
