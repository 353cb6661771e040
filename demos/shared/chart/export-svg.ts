const painted = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "paint-order",
  "color",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
] as const;

/** A chart as a file of its own: what the style sheets gave is written into attributes, and handles are left out. */
export function standaloneSvg(chart: SVGSVGElement, title: string): string {
  const copy = standalone(chart);
  copy.prepend(titled(title), paper());
  return new XMLSerializer().serializeToString(copy);
}

const margin = 24;
const line = 22;

/** Charts one under the other with a heading and a sentence above them, as one file. */
export function stackedSvg(charts: readonly SVGSVGElement[], title: string, sentence: string): string {
  const width = Math.max(...charts.map((chart) => chart.getBoundingClientRect().width)) + 2 * margin;
  const root = document.createElementNS(namespace, "svg");
  root.append(titled(title), paper());
  let y = margin + line;
  root.append(words(title, y, 17, 600));
  for (const part of wrapped(sentence, (width - 2 * margin) / 6.6)) {
    y += line;
    root.append(words(part, y, 14, 400));
  }
  y += margin;
  charts.forEach((chart, i) => {
    const copy = standalone(chart);
    rename(copy, `chart-${i}-`);
    copy.setAttribute("x", String(margin));
    copy.setAttribute("y", String(y));
    root.append(copy);
    y += chart.getBoundingClientRect().height + margin;
  });
  root.setAttribute("xmlns", namespace);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(y));
  return new XMLSerializer().serializeToString(root);
}

const namespace = "http://www.w3.org/2000/svg";

function standalone(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = chart.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((element, i) => {
    const original = originals[i];
    if (!original) return;
    const style = getComputedStyle(original);
    for (const property of painted) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute("tabindex");
  });
  for (const handle of copy.querySelectorAll(".handle")) handle.remove();
  for (const comment of comments(copy)) comment.remove();
  const { width, height } = chart.getBoundingClientRect();
  copy.removeAttribute("class");
  copy.setAttribute("xmlns", namespace);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return copy;
}

/** Names of clip paths and the like are the document's, and two charts may use the same. */
function rename(chart: SVGSVGElement, prefix: string): void {
  for (const element of chart.querySelectorAll("[id]")) element.id = prefix + element.id;
  for (const element of chart.querySelectorAll("[clip-path]")) {
    const reference = element.getAttribute("clip-path") ?? "";
    element.setAttribute("clip-path", reference.replace("url(#", `url(#${prefix}`));
  }
}

function paper(): SVGElement {
  const rect = document.createElementNS(namespace, "rect");
  rect.setAttribute("width", "100%");
  rect.setAttribute("height", "100%");
  rect.setAttribute("fill", getComputedStyle(document.documentElement).backgroundColor);
  return rect;
}

function titled(title: string): SVGElement {
  const name = document.createElementNS(namespace, "title");
  name.textContent = title;
  return name;
}

function words(text: string, y: number, size: number, weight: number): SVGElement {
  const element = document.createElementNS(namespace, "text");
  const root = getComputedStyle(document.documentElement);
  element.textContent = text;
  element.setAttribute("x", String(margin));
  element.setAttribute("y", String(y));
  element.setAttribute("font-family", root.getPropertyValue("--sans"));
  element.setAttribute("font-size", String(size));
  element.setAttribute("font-weight", String(weight));
  element.setAttribute("fill", root.color);
  return element;
}

/** A sentence in lines of at most so many characters. */
function wrapped(sentence: string, most: number): string[] {
  const lines = [""];
  for (const word of sentence.split(" ")) {
    const last = lines.length - 1;
    if (`${lines[last]} ${word}`.length > most) lines.push(word);
    else lines[last] = lines[last] ? `${lines[last]} ${word}` : word;
  }
  return lines;
}

function comments(root: Node): ChildNode[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found: ChildNode[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as ChildNode);
  return found;
}
