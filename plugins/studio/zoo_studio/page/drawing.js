// The picture, the mark over it, and everything that changes them, so that it can be undone.

export const LARGEST = 25e6; // pixels; the server refuses more
const HISTORY = 256e6; // bytes of undoing that are kept

export function makeDrawing(picture, mark, changed) {
  const paint = picture.getContext("2d", { alpha: false, willReadFrequently: true });
  const over = mark.getContext("2d", { willReadFrequently: true });
  const tools = {
    pen: { context: paint, wide: 1, colour: () => "#000" },
    rubber: { context: paint, wide: 3, colour: () => paper },
    marker: { context: over, wide: 8, colour: () => "#e0457b" },
    unmark: { context: over, wide: 8, colour: () => "#000", erases: true },
  };
  let history = [];
  let paper = "#fff";
  let strokes = []; // SVG of what was taken: { box, groups }


  function rememberAll() {
    const pages = [paint, over].map((context) => context.getImageData(0, 0, picture.width, picture.height));
    history.push({ pages, strokes, paper });
    trim();
  }

  function trim() {
    const bytes = (entry) => (entry.pages ?? [entry.pixels]).reduce((sum, page) => sum + page.data.length, 0);
    let sum = history.reduce((total, entry) => total + bytes(entry), 0);
    while (sum > HISTORY && history.length > 1) sum -= bytes(history.shift());
  }

  function resize(width, height) {
    for (const canvas of [picture, mark]) Object.assign(canvas, { width, height });
  }

  function start(width, height) {
    rememberAll();
    resize(width, height);
    strokes = [];
    paint.fillStyle = paper = "#fff";
    paint.fillRect(0, 0, width, height);
  }

  paint.fillStyle = "#fff";
  paint.fillRect(0, 0, picture.width, picture.height);

  return {
    get size() { return { width: picture.width, height: picture.height }; },
    get canUndo() { return history.length > 0; },

    blank() {
      start(512, 512);
      changed();
    },

    open(bitmap) {
      const { width, height } = bitmap;
      start(width, height);
      const plain = layer(width, height);
      plain.drawImage(bitmap, 0, 0);
      const pixels = plain.getImageData(0, 0, width, height).data;
      paint.drawImage(bitmap, 0, 0);
      paper = commonest(paint, width, height);
      markClear(over, pixels, width, height);
      changed();
    },

    // A stroke of a tool; gives what takes further points and what ends it.
    stroke(name, width, first) {
      const { context, wide, colour, erases } = tools[name];
      const before = layer(picture.width, picture.height);
      before.drawImage(context.canvas, 0, 0);
      const points = [first];
      const size = Math.max(1, width * wide * Math.max(picture.width, picture.height) / 512);
      let box = null;

      function draw() {
        if (box) restore(context, before.canvas, box);
        box = around(points, size, picture);
        if (!box) return;
        context.save();
        context.globalCompositeOperation = erases ? "destination-out" : "source-over";
        Object.assign(context, { strokeStyle: colour(), lineWidth: size, lineCap: "round", lineJoin: "round" });
        context.stroke(smooth(points));
        context.restore();
      }

      draw();
      return {
        add(more) { points.push(...more); draw(); },
        end() {
          if (!box) return;
          const { x, y, w, h } = box;
          history.push({ context, x, y, pixels: before.getImageData(x, y, w, h), strokes });
          trim();
          // What is drawn over is no longer what the strokes say.
          if (context === paint) strokes = strokes.filter((taken) => !meet(taken.box, box));
          changed();
        },
        cancel() { if (box) restore(context, before.canvas, box); },
      };
    },

    // The hole: white where it is marked, clear elsewhere; null if nothing is marked.
    hole() {
      const { width, height } = picture;
      const page = over.getImageData(0, 0, width, height);
      let box = null;
      for (let i = 0, x = 0, y = 0; i < page.data.length; i += 4) {
        const marked = page.data[i + 3] >= 128;
        page.data.fill(marked ? 255 : 0, i, i + 4);
        if (marked) {
          box ??= { left: x, right: x, top: y, bottom: y };
          box.left = Math.min(box.left, x);
          box.right = Math.max(box.right, x);
          box.bottom = y;
        }
        if (++x === width) { x = 0; y += 1; }
      }
      if (!box) return null;
      const canvas = layer(width, height);
      canvas.putImageData(page, 0, 0);
      const { left, top, right, bottom } = box;
      return { canvas: canvas.canvas, box: { x: left, y: top, w: right - left + 1, h: bottom - top + 1 } };
    },

    // Put what fills a hole into the picture and take the mark away.
    take(completed, hole, svg) {
      rememberAll();
      const part = layer(picture.width, picture.height);
      part.drawImage(completed, 0, 0);
      part.globalCompositeOperation = "destination-in";
      part.drawImage(hole.canvas, 0, 0);
      paint.drawImage(part.canvas, 0, 0);
      over.clearRect(0, 0, mark.width, mark.height);
      strokes = [...strokes.filter((taken) => !meet(taken.box, hole.box)), { box: hole.box, groups: groupsOf(svg) }];
      changed();
    },

    undo() {
      const last = history.pop();
      if (!last) return;
      strokes = last.strokes;
      if (last.pages) {
        resize(last.pages[0].width, last.pages[0].height);
        paint.putImageData(last.pages[0], 0, 0);
        over.putImageData(last.pages[1], 0, 0);
        paper = last.paper;
      } else {
        last.context.putImageData(last.pixels, last.x, last.y);
      }
      changed();
    },

    png() { return new Promise((resolve) => picture.toBlob(resolve, "image/png")); },

    // The picture, and over it as strokes what was redrawn.
    async svg() {
      const { width, height } = picture;
      const image = await dataUrl(await this.png());
      const groups = strokes.map((taken) => taken.groups).join("\n");
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<image width="${width}" height="${height}" href="${image}"/>
<g id="redrawn">${groups}</g>
</svg>
`;
    },
  };
}

export function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function layer(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return canvas.getContext("2d", { willReadFrequently: true });
}

function smooth(points) {
  const path = new Path2D();
  path.moveTo(points[0].x, points[0].y);
  for (let i = 1; i < points.length - 1; i++) {
    const { x, y } = points[i];
    path.quadraticCurveTo(x, y, (x + points[i + 1].x) / 2, (y + points[i + 1].y) / 2);
  }
  const last = points[points.length - 1];
  path.lineTo(last.x, last.y);
  return path;
}

// The part of the page that a stroke touches, or null.
function around(points, size, page) {
  const reach = size / 2 + 2;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const x = Math.max(0, Math.floor(xs.reduce((a, b) => Math.min(a, b)) - reach));
  const y = Math.max(0, Math.floor(ys.reduce((a, b) => Math.min(a, b)) - reach));
  const w = Math.min(page.width, Math.ceil(xs.reduce((a, b) => Math.max(a, b)) + reach)) - x;
  const h = Math.min(page.height, Math.ceil(ys.reduce((a, b) => Math.max(a, b)) + reach)) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

function restore(context, from, { x, y, w, h }) {
  context.clearRect(x, y, w, h);
  context.drawImage(from, x, y, w, h, x, y, w, h);
}

function meet(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

// The paper's colour: the commonest of a small copy, in steps of 16.
function commonest(context, width, height) {
  const small = layer(64, 64);
  small.drawImage(context.canvas, 0, 0, width, height, 0, 0, 64, 64);
  const { data } = small.getImageData(0, 0, 64, 64);
  const sums = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const rgb = [data[i], data[i + 1], data[i + 2]];
    const key = rgb.map((value) => value >> 4).join();
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    sums.set(key, [...rgb.map((value, j) => sum[j] + value), sum[3] + 1]);
  }
  const [r, g, b, count] = [...sums.values()].reduce((most, sum) => (sum[3] > most[3] ? sum : most));
  return `rgb(${[r, g, b].map((sum) => Math.round(sum / count)).join()})`;
}

// What is clear in a picture is marked, unless most of it is: then it is its ground.
function markClear(over, pixels, width, height) {
  const page = over.createImageData(width, height);
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] >= 128) continue;
    page.data.set([0xe0, 0x45, 0x7b, 255], i);
    count += 1;
  }
  if (count && count < (width * height) / 2) over.putImageData(page, 0, 0);
}

function groupsOf(svg) {
  const page = new DOMParser().parseFromString(svg, "image/svg+xml");
  const write = new XMLSerializer();
  return [...page.documentElement.children].map((child) => write.serializeToString(child)).join("\n");
}
