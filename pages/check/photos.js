// Photos as a list to choose from by mouse, finger or keys, and one photo in its own pixels.
// Nothing is fetched: the pictures come with the data. What is chosen is told after a short rest.
const REST_MS = 250;
const LEAST_SIZE = 88;
const MOST_SIZE = 300;
// Two dozen and more fit a screen of 1366 by 768 beside the menu.
const FIRST_SIZE = 106;
const ZOOMS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
const SVG = "http://www.w3.org/2000/svg";
// Each verdict has a shape of its own, so that color never stands alone.
const SHAPES = {
  BLOCKED: "M5 1h6l4 4v6l-4 4H5l-4-4V5z M4 7v2h8V7z",
  NOT_CHECKED: "M8 0l8 8-8 8-8-8z M7 4v5h2V4z M7 10.500v2h2v-2z",
  REVIEW: "M8 1l8 14H0z M7 6v5h2V6z M7 12v2h2v-2z",
  CONSENT_MISSING: "M1 1h14v10H8l-4 4v-4H1z M4 4v1.500h8V4z M4 7v1.500h5V7z",
  CLEAR: "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z M8 4a4 4 0 1 1 0 8A4 4 0 1 1 8 4z",
  NOTHING: "M1 7h14v2H1z",
  ALLOWED: "M8 1l8 14H0z M4 12l3 3 6-6-2-2-4 4-1-1z",
  tick: "M2 8l2-2 3 3 6-6 2 2-8 8z",
  open: "M2 2h5v2H4v3H2z M9 2h5v5h-2V4H9z M2 9h2v3h3v2H2z M12 9h2v5H9v-2h3z",
};
const states = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  const state = states.get(root) ?? { key: "", turn: -1, chosen: new Set(), clean: () => {} };
  states.set(root, state);
  state.component = component;
  state.data = component.data;
  if (state.key !== state.data.key) {
    state.clean();
    state.key = state.data.key;
    state.clean = state.data.cells ? drawGrid(root, state) : drawOne(root, state);
  }
  if (state.data.cells && state.turn !== state.data.turn) {
    state.turn = state.data.turn;
    state.chosen = new Set(state.data.chosen);
    showChosen(state);
  }
}

function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

function make(kind, name, ...inside) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

function shape(name, size = 11) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("width", size);
  drawn.setAttribute("height", size);
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  drawn.append(path);
  return drawn;
}

function remembered(name, otherwise) {
  try {
    return localStorage.getItem(`likeness-${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`likeness-${name}`, value);
  } catch {
    // A browser that keeps nothing shows the size it began with.
  }
}

// -- the grid -----------------------------------------------------------------------------------

function drawGrid(root, state) {
  const { data } = state;
  const grid = make("div", "grid");
  grid.setAttribute("role", "listbox");
  grid.setAttribute("aria-multiselectable", "true");
  grid.setAttribute("aria-label", data.label);
  state.cells = data.cells.map(drawCell);
  grid.append(...state.cells);
  const known = data.cells.findIndex((cell) => cell.id === data.at);
  state.at = Math.max(0, known);
  state.from = state.at;
  state.cells[state.at]?.setAttribute("tabindex", "0");
  part(root, "stage").replaceChildren(grid);
  part(root, "bar").replaceChildren(...sizeSlider(grid));
  grid.onclick = (event) => clicked(state, event);
  grid.ondblclick = (event) => open(state, indexOf(state, event));
  grid.addEventListener("focusin", (event) => isAt(state, indexOf(state, event)));
  grid.onkeydown = (event) => pressed(root, state, event);
  showChosen(state);
  if (known >= 0) {
    state.cells[known].focus({ preventScroll: true });
    state.cells[known].scrollIntoView({ block: "nearest" });
  } else if (state.shown) {
    // Another page or filter begins at its top.
    grid.closest("[data-part='photos']").scrollIntoView({ block: "center" });
    toTop(root);
  }
  state.shown = true;
  return () => clearTimeout(state.telling);
}

function toTop(root) {
  const host = root.host ?? root;
  (host.closest('[data-testid="stMain"]') ?? document.scrollingElement).scrollTo(0, 0);
}

function drawCell(cell) {
  const looks = cell.look;
  let picture;
  if (cell.src) {
    picture = make("img");
    picture.src = cell.src;
    picture.alt = cell.alt;
    picture.draggable = false;
  } else {
    picture = make("span", "none", "No picture");
  }
  const name = make("div", "name", make("span", "", cell.name));
  if (cell.done) name.append(make("span", "done", cell.done));
  const drawn = make(
    "div",
    "cell",
    picture,
    make("span", "tick", shape("tick", 12)),
    make("span", "open", shape("open", 12)),
    make("div", `verdict ${looks}`, shape(looks), cell.words),
    name,
  );
  drawn.setAttribute("role", "option");
  drawn.setAttribute("tabindex", "-1");
  drawn.setAttribute("aria-label", cell.alt);
  drawn.title = cell.title;
  drawn.querySelector(".tick").title = "Choose";
  drawn.querySelector(".open").title = "Open";
  return drawn;
}

function sizeSlider(grid) {
  const size = make("input");
  size.type = "range";
  size.min = LEAST_SIZE;
  size.max = MOST_SIZE;
  size.value = remembered("photo-size", FIRST_SIZE);
  size.oninput = () => {
    grid.style.setProperty("--size", `${size.value}px`);
    remember("photo-size", size.value);
  };
  size.oninput();
  const keys = "Click or Space: choose. Shift+click: choose all in between. Double-click or Enter: open.";
  return [make("label", "", "Size", size), make("span", "keys", keys)];
}

function indexOf(state, event) {
  return state.cells.indexOf(event.target.closest(".cell"));
}

function clicked(state, event) {
  const index = indexOf(state, event);
  if (index < 0) return;
  if (event.target.closest(".open")) {
    open(state, index);
    return;
  }
  // The second click of two opens, and leaves chosen what was chosen.
  state.cells[index].focus();
  if (event.shiftKey) chooseRow(state, index);
  else choose(state, index);
}

function pressed(root, state, event) {
  const columns = Math.max(1, columnsOf(state));
  const last = state.cells.length - 1;
  const steps = {
    ArrowRight: state.at + 1,
    ArrowLeft: state.at - 1,
    ArrowDown: state.at + columns,
    ArrowUp: state.at - columns,
    Home: 0,
    End: last,
  };
  if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const to = Math.min(last, Math.max(0, steps[event.key]));
    state.cells[to].focus();
    if (event.shiftKey) chooseRow(state, to);
  } else if (event.key === " ") {
    if (event.shiftKey) chooseRow(state, state.at);
    else choose(state, state.at);
  } else if (event.key === "Enter") {
    open(state, state.at);
  } else if (event.key === "Escape") {
    state.chosen = new Set();
    tell(state);
  } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
    state.data.cells.forEach((cell) => state.chosen.add(cell.id));
    tell(state);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const many = state.data.cells.filter((cell) => state.chosen.has(cell.id)).length;
  part(root, "said").textContent = `${many} chosen on this page`;
}

function columnsOf(state) {
  const top = state.cells[0]?.offsetTop;
  const next = state.cells.findIndex((cell) => cell.offsetTop !== top);
  return next < 0 ? state.cells.length : next;
}

// One photo is reached by Tab, the others from there by the arrow keys.
function isAt(state, index) {
  if (index < 0) return;
  state.cells[state.at]?.setAttribute("tabindex", "-1");
  state.cells[index].setAttribute("tabindex", "0");
  state.at = index;
}

function choose(state, index) {
  const { id } = state.data.cells[index];
  if (!state.chosen.delete(id)) state.chosen.add(id);
  state.from = index;
  tell(state);
}

// From the one that was chosen last, as file managers do.
function chooseRow(state, index) {
  const [first, last] = [Math.min(state.from, index), Math.max(state.from, index)];
  state.data.cells.slice(first, last + 1).forEach((cell) => state.chosen.add(cell.id));
  tell(state);
}

function showChosen(state) {
  state.data.cells.forEach((cell, index) => {
    state.cells[index].setAttribute("aria-selected", String(state.chosen.has(cell.id)));
  });
}

function tell(state) {
  showChosen(state);
  clearTimeout(state.telling);
  state.telling = setTimeout(() => {
    const ids = state.data.cells.map((cell) => cell.id).filter((id) => state.chosen.has(id));
    const here = state.data.cells.map((cell) => cell.id);
    state.component.setStateValue("chosen", { turn: state.turn, ids, here });
  }, REST_MS);
}

function open(state, index) {
  if (index < 0) return;
  clearTimeout(state.telling);
  state.component.setTriggerValue("opened", state.data.cells[index].id);
}

// -- one photo ----------------------------------------------------------------------------------

function drawOne(root, state) {
  const { data } = state;
  const picture = make("img");
  picture.src = data.src;
  picture.alt = data.alt;
  const frame = make("div", "frame", picture);
  const room = make("div", "one", frame);
  room.tabIndex = 0;
  room.setAttribute("role", "group");
  room.setAttribute("aria-label", `${data.name}: plus and minus zoom, 0 fits it in`);
  const faces = data.faces.map((face) => drawFace(face));
  frame.append(...faces.map(([drawn]) => drawn));
  const size = () => [picture.naturalWidth || 640, picture.naturalHeight || 480];
  let zoom = 0;
  const fit = () => Math.min(room.clientWidth / size()[0], room.clientHeight / size()[1]);
  const said = make("span", "");
  const apply = () => {
    const scale = zoom || fit();
    frame.style.width = `${Math.floor(size()[0] * scale)}px`;
    frame.style.height = `${Math.floor(size()[1] * scale)}px`;
    said.textContent = `${Math.round(scale * 100)} %`;
    placeNumbers(data, faces, frame);
  };
  const to = (wanted) => {
    const scale = zoom || fit();
    const middle = [
      (room.scrollLeft + room.clientWidth / 2) / (size()[0] * scale),
      (room.scrollTop + room.clientHeight / 2) / (size()[1] * scale),
    ];
    zoom = wanted;
    apply();
    const now = zoom || fit();
    room.scrollLeft = middle[0] * size()[0] * now - room.clientWidth / 2;
    room.scrollTop = middle[1] * size()[1] * now - room.clientHeight / 2;
  };
  const nearer = () => to(ZOOMS.find((step) => step > (zoom || fit()) * 1.01) ?? ZOOMS.at(-1));
  const farther = () => {
    const step = ZOOMS.findLast((one) => one < (zoom || fit()) * 0.99);
    to(step && step > fit() ? step : 0);
  };
  room.ondblclick = () => to(zoom ? 0 : 1);
  room.onkeydown = (event) => {
    if (event.key === "+" || event.key === "=") nearer();
    else if (event.key === "-") farther();
    else if (event.key === "0") to(0);
    else return;
    event.preventDefault();
  };
  part(root, "stage").replaceChildren(room);
  part(root, "bar").replaceChildren(
    button("Fit", () => to(0)),
    button("−", farther, "Smaller"),
    button("+", nearer, "Larger"),
    button("Actual size", () => to(1)),
    said,
    ...(faces.length ? [marksButton(frame, data)] : []),
  );
  const watch = new ResizeObserver(apply);
  watch.observe(room);
  picture.onload = apply;
  apply();
  return () => watch.disconnect();
}

function button(words, pressed, label = "") {
  const made = make("button", "", words);
  made.type = "button";
  made.onclick = pressed;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

// Goes from those that matter over all to none.
function marksButton(frame, data) {
  const steps = [
    ["", data.crowd ? "Boxes: main faces" : "Boxes: on"],
    ["all", "Boxes: all faces"],
    ["bare", "Boxes: none"],
  ];
  let at = 0;
  const made = button(steps[0][1], () => {
    at = (at + 1) % steps.length;
    frame.classList.remove("all", "bare");
    if (steps[at][0]) frame.classList.add(steps[at][0]);
    made.textContent = steps[at][1];
  });
  made.title = "Which faces have a box";
  return made;
}

function drawFace(face) {
  const number = make("span", `number ${face.look}`, face.number);
  const drawn = make("div", `face${face.quiet ? " quiet" : ""}`, make("span", `line ${face.look}`), number);
  drawn.style.left = `${face.x * 100}%`;
  drawn.style.top = `${face.y * 100}%`;
  drawn.style.width = `${face.w * 100}%`;
  drawn.style.height = `${face.h * 100}%`;
  drawn.title = face.said;
  return [drawn, number];
}

// Each number goes where it covers no face: above, below, left or right of its own.
function placeNumbers(data, faces, frame) {
  const wide = frame.clientWidth;
  const high = frame.clientHeight;
  const boxes = data.faces.map((face) => [
    face.x * wide,
    face.y * high,
    (face.x + face.w) * wide,
    (face.y + face.h) * high,
  ]);
  faces.forEach(([, number], index) => {
    const [x1, y1, x2, y2] = boxes[index];
    const [w, h] = [number.offsetWidth, number.offsetHeight];
    const places = [
      [x1 - 7, y1 - h - 9],
      [x1 - 7, y2 + 9],
      [x1 - w - 9, y1],
      [x2 + 9, y1],
      [x2 - w, y1 - h - 9],
      [x2 - w, y2 + 9],
    ];
    const free = places.find(
      ([x, y]) =>
        x >= 0 &&
        y >= 0 &&
        x + w <= wide &&
        y + h <= high &&
        boxes.every(([a, b, c, d]) => x + w <= a || x >= c || y + h <= b || y >= d),
    );
    // With no room beside it, the number is told when somebody points at the face.
    number.hidden = !free;
    if (free) {
      number.style.left = `${free[0] - x1}px`;
      number.style.top = `${free[1] - y1}px`;
    }
  });
}
