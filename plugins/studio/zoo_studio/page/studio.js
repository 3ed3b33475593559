// The page: what its buttons do.

import { LARGEST, dataUrl, makeDrawing } from "./drawing.js";
import { complete } from "./queue.js";

const get = (id) => document.getElementById(id);
const drawing = makeDrawing(get("picture"), get("mark"), refresh);
const widths = { pen: 5, rubber: 5, marker: 5, unmark: 5 };
let tool = "pen";
let stroke = null;
let busy = false;
let seed = 0;
let before = ""; // URL of the picture before the last completion that was taken

function say(text, bad = false) {
  get("status").textContent = text;
  get("status").classList.toggle("bad", bad);
}

function refresh() {
  get("undo").disabled = !drawing.canUndo;
  get("complete").disabled = busy;
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

function choose(name) {
  tool = name;
  get("width").value = widths[tool];
  for (const button of document.querySelectorAll("[data-tool]")) press(button, button.dataset.tool === tool);
}

// Drawing

function pointsOf(event) {
  const canvas = get("picture");
  const box = canvas.getBoundingClientRect();
  const events = event.getCoalescedEvents?.() ?? [];
  return (events.length ? events : [event]).map((each) => ({
    x: ((each.clientX - box.left) * canvas.width) / box.width,
    y: ((each.clientY - box.top) * canvas.height) / box.height,
  }));
}

get("picture").addEventListener("pointerdown", (event) => {
  if (event.button || stroke) return;
  showBefore(false);
  get("picture").setPointerCapture(event.pointerId);
  stroke = drawing.stroke(tool, widths[tool], pointsOf(event)[0]);
});
get("picture").addEventListener("pointermove", (event) => stroke?.add(pointsOf(event)));
get("picture").addEventListener("pointerup", () => { stroke?.end(); stroke = null; });
get("picture").addEventListener("pointercancel", () => { stroke?.cancel(); stroke = null; });

// Opening

async function open(blob, name) {
  try {
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
    if (bitmap.width * bitmap.height > LARGEST) {
      say(`${name} has ${bitmap.width}x${bitmap.height} pixels; the studio takes up to ${LARGEST / 1e6} million: make it smaller.`, true);
      return;
    }
    forget();
    drawing.open(bitmap);
    say(drawing.hole() ? "Its clear part is marked. Complete it, or mark more." : "Now mark the part to be redrawn.");
    choose("marker");
  } catch {
    say(`${name} is no picture that this browser can show: take a PNG or JPEG.`, true);
  }
}

function openFirst(files) {
  const [file] = files;
  if (file) open(file, file.name || "What was pasted");
}

get("open").onclick = () => get("file").click();
get("file").onchange = () => { openFirst(get("file").files); get("file").value = ""; };
get("stage").addEventListener("dragover", (event) => { event.preventDefault(); get("stage").classList.add("over"); });
get("stage").addEventListener("dragleave", () => get("stage").classList.remove("over"));
get("stage").addEventListener("drop", (event) => {
  event.preventDefault();
  get("stage").classList.remove("over");
  openFirst(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => openFirst(event.clipboardData.files));

// Completing

get("complete").onclick = async () => {
  const hole = drawing.hole();
  if (!hole) {
    choose("marker");
    say("Nothing is marked: paint with Mark over the part to be redrawn.", true);
    return;
  }
  busy = true;
  refresh();
  say("…");
  try {
    const picture = await drawing.png();
    const mask = await new Promise((resolve) => hole.canvas.toBlob(resolve, "image/png"));
    const request = {
      image: await dataUrl(picture),
      mask: await dataUrl(mask),
      model: get("model").value,
      count: Number(get("count").value),
      seed,
    };
    const started = performance.now();
    const done = await complete(request, (place) => say(place ? `Place ${place} in line…` : "Drawing…"));
    seed += request.count;
    show(done, hole, picture);
    say(`${done.length} in ${((performance.now() - started) / 1000).toFixed(1)} s. Click one to go on with it.`);
  } catch (error) {
    say(error.message, true);
  }
  busy = false;
  refresh();
};

function show(done, hole, picture) {
  const { width, height } = drawing.size;
  get("results").replaceChildren(...done.map(({ png, svg }, i) => {
    const image = Object.assign(new Image(), { src: png, alt: `Completion ${i + 1}` });
    const button = document.createElement("button");
    press(button, false);
    button.append(image);
    button.onclick = async () => {
      await image.decode();
      if (drawing.size.width !== width || drawing.size.height !== height) return;
      drawing.take(image, hole, svg);
      remember(picture);
      for (const other of get("results").children) press(other, other === button);
      say("Taken. Go on, undo, or take another.");
    };
    return button;
  }));
}

function remember(picture) {
  URL.revokeObjectURL(before);
  before = URL.createObjectURL(picture);
  get("before").src = before;
  get("compare").disabled = false;
}

// What belongs to another picture.
function forget() {
  get("results").replaceChildren();
  get("compare").disabled = true;
  showBefore(false);
}

function showBefore(on) {
  get("before").hidden = !on;
  press(get("compare"), on);
}

get("compare").onclick = () => showBefore(get("before").hidden);

// Everything else

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

get("save-png").onclick = async () => save(await drawing.png(), "sketch.png");
get("save-svg").onclick = async () => save(new Blob([await drawing.svg()], { type: "image/svg+xml" }), "sketch.svg");
function undo() {
  const { width, height } = drawing.size;
  drawing.undo();
  showBefore(false);
  if (drawing.size.width !== width || drawing.size.height !== height) forget();
}

get("undo").onclick = undo;
get("clear").onclick = () => { forget(); drawing.blank(); choose("pen"); say(""); };
get("width").oninput = () => { widths[tool] = Number(get("width").value); };
for (const button of document.querySelectorAll("[data-tool]")) button.onclick = () => choose(button.dataset.tool);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !stroke) {
    event.preventDefault();
    undo();
  }
});

const offers = await (await fetch("/offers")).json();
get("model").append(...offers.models.map(({ name, label }) => new Option(label, name)));
get("examples").append(...offers.examples.map((name) => {
  const button = document.createElement("button");
  const title = name.replace(".png", "");
  button.append(Object.assign(new Image(), { src: `/page/examples/${name}`, alt: `Example: ${title}` }));
  button.onclick = async () => open(await (await fetch(`/page/examples/${name}`)).blob(), title);
  return button;
}));
refresh();
