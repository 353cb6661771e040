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

/** A chart with what it plots. */
export interface Panel {
  readonly title: string;
  readonly chart: SVGSVGElement;
}

/** What stands around the charts of a poster. */
export interface Lettering {
  readonly title: string;
  /** A large number: what is settled of it, and the rest. */
  readonly figures: { readonly ink: string; readonly faded: string };
  readonly sentence: string;
  readonly foot: string;
}

/** Charts one under the other, beneath a heading, a number and a sentence, as one file. */
export function stackedSvg(charts: readonly Panel[], { title, figures, sentence, foot }: Lettering): string {
  const width = Math.max(...charts.map(({ chart }) => chart.getBoundingClientRect().width)) + 2 * margin;
  const root = document.createElementNS(namespace, "svg");
  let y = margin + line;
  root.append(titled(title), paper(), words([title], y, { size: 19 }));
  y += 74;
  root.append(words([figures.ink, figures.faded], y, { size: 76, weight: 300 }));
  y += 14;
  for (const part of wrapped(sentence, (width - 2 * margin) / 7.4)) {
    y += line;
    root.append(words([part], y, { size: 14 }));
  }
  charts.forEach((panel, i) => {
    y += margin + line;
    root.append(words([panel.title], y, { size: 14, weight: 600 }));
    y += 12;
    const copy = standalone(panel.chart);
    rename(copy, `chart-${i}-`);
    copy.setAttribute("x", String(margin));
    copy.setAttribute("y", String(y));
    root.append(copy);
    y += panel.chart.getBoundingClientRect().height;
  });
  y += margin;
  root.append(words(["", foot], y, { size: 12 }));
  root.setAttribute("xmlns", namespace);
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(y + margin));
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

/** A line of text; the second part of it is faded. */
function words(
  parts: readonly string[],
  y: number,
  { size, weight = 400 }: { size: number; weight?: number },
): SVGElement {
  const element = document.createElementNS(namespace, "text");
  element.setAttribute("x", String(margin));
  element.setAttribute("y", String(y));
  element.setAttribute("font-family", tokens("--sans"));
  element.setAttribute("font-size", String(size));
  element.setAttribute("font-weight", String(weight));
  parts.forEach((part, i) => {
    const span = document.createElementNS(namespace, "tspan");
    span.textContent = part;
    span.setAttribute("fill", painting(i === 0 ? "--ink" : size > 20 ? "--digit-faded" : "--ink-faint"));
    element.append(span);
  });
  return element;
}

function tokens(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

/** A colour token as a file can have it: light-dark() and var() are resolved. */
function painting(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
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
