// Says how wide the page is where photos are tapped: what is drawn there cannot be shrunk afterwards.
export default function (component) {
  const page = document.querySelector(".st-key-asking");
  let told = component.data.width;
  const tell = () => {
    const width = Math.floor(page.clientWidth);
    if (width > 0 && width !== told) component.setStateValue("width", (told = width));
  };
  const watch = new ResizeObserver(tell);
  watch.observe(page);
  return () => watch.disconnect();
}
