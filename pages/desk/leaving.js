// While a form is filled, the browser asks before the tab is closed or loaded anew.
export default function (component) {
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = true;
  };
  if (component.data.filled) window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
