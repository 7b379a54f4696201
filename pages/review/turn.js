// Lets a pair be answered once, and only after it was seen: a key pressed twice in haste, or while the
// next pair is on its way, decides nothing, and it is said so.
const SEEN_MS = 300;
const HELD_MS = 2000;

// Kept once for the tab: the part is drawn anew whenever the page is.
const turn = (window.likenessTurn ??= { begun: false, number: "", pair: "", seen: Infinity, answered: "", at: 0, held: null });

const saving = () => turn.answered === turn.number;
const say = (why) => window.likenessSay?.(`Not used: ${why}`);

function whyNot(part) {
  if (saving()) return "your last answer is still being saved.";
  if (part.classList.contains("st-key-undo")) return "";
  const named = [...part.classList].find((name) => name.startsWith("st-key-answer-")) ?? "";
  const shown = named.endsWith(`-${turn.pair}`) && performance.now() - turn.seen >= SEEN_MS;
  return shown ? "" : "the next pair was not on the screen yet.";
}

function clicked(event) {
  const pressed = event.target.closest?.("a, button");
  if (!pressed) return;
  const part = pressed.closest("[class*=st-key-answer-], .st-key-undo");
  const why = part || (saving() && pressed.closest(".st-key-review-pair")) ? whyNot(part ?? pressed) : "";
  if (part && !why) {
    turn.answered = turn.number;
    turn.at = performance.now();
    return;
  }
  // What leads away goes on once the answer is saved: until its run has begun, it would be lost.
  const holds = !why && saving() && performance.now() - turn.at < HELD_MS;
  if (!why && !holds) return;
  // Before React hears of it, which listens at the root.
  event.preventDefault();
  event.stopPropagation();
  if (why) {
    say(why);
  } else {
    if (!turn.held) setTimeout(goOn, HELD_MS);
    turn.held = pressed;
  }
}

function goOn() {
  const held = turn.held;
  turn.held = null;
  turn.at = -Infinity;
  if (held?.isConnected) held.click();
  else if (held) say("the page has changed.");
}

async function seen(pair, number) {
  const pictures = [...document.querySelectorAll(".st-key-review-pair img")];
  // One that cannot be drawn keeps nobody from answering.
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  if (turn.number !== number) return;
  if (turn.pair !== pair) {
    turn.pair = pair;
    turn.seen = performance.now();
  }
  await new Promise((looked) => setTimeout(looked, SEEN_MS));
}

export default function (component) {
  const { pair, number } = component.data;
  const page = document.documentElement;
  let gone = false;
  if (!turn.begun) {
    turn.begun = true;
    document.addEventListener("click", clicked, true);
  }
  // As Streamlit makes a class of a key.
  const name = pair.replace(/[^a-zA-Z0-9_-]/g, "-");
  if (number !== turn.number) {
    turn.number = number;
    delete page.dataset.turn;
    if (name !== turn.pair) turn.pair = "";
    goOn();
  }
  seen(name, number).then(() => {
    // A sign for tests that whoever looks can answer.
    if (!gone && turn.number === number) page.dataset.turn = number;
  });
  return () => {
    gone = true;
    delete page.dataset.turn;
  };
}
