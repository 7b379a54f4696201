// While a page is open: says that somebody works, and goes to the sign-in when the session has ended.
const SECONDS = 1000;

export default function (component) {
  const leave = (why) => {
    const here = location.pathname + location.search;
    location.assign(`/sign-in?${why}&after=${encodeURIComponent(here)}`);
  };
  if (component.data.ended) {
    leave("ended");
    return;
  }
  let worked = 0;
  const ask = async (address, method) => {
    try {
      const answer = await fetch(address, { method });
      if (answer.status === 401) leave("ended");
    } catch {
      // The network or the server is away: asked again soon.
    }
  };
  const works = () => {
    if (Date.now() - worked < 60 * SECONDS) return;
    worked = Date.now();
    ask("/account/here", "POST");
  };
  const timer = setInterval(() => ask("/account/state", "GET"), 10 * SECONDS);
  addEventListener("keydown", works);
  addEventListener("pointerdown", works);
  return () => {
    clearInterval(timer);
    removeEventListener("keydown", works);
    removeEventListener("pointerdown", works);
  };
}
