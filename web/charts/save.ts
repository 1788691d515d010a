/** A chart's numbers: what its table and its CSV hold. */
export interface ChartData {
  columns: string[];
  rows: (string | number)[][];
}

/** Of a PNG's pixels to the screen's: sharp on a slide. */
const PNG_SCALE = 2;

export const saveCsv = (title: string, { columns, rows }: ChartData): void =>
  save(title, 'csv', new Blob([`${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`], { type: 'text/csv' }));

export const saveSvg = (title: string, svg: SVGSVGElement): void =>
  save(title, 'svg', new Blob([standalone(svg)], { type: 'image/svg+xml' }));

export async function savePng(title: string, svg: SVGSVGElement): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const url = URL.createObjectURL(new Blob([standalone(svg)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(title, 'png', blob));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Quoted as RFC 4180 says. */
const cell = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** The SVG with the colours and the font of the page written into it, on the page's ground. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(svg);
  copy.setAttribute('color', style.color);
  copy.setAttribute('font-family', 'sans-serif');
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  const text = new XMLSerializer().serializeToString(copy);
  return text.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
}

function save(title: string, ending: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${title.replaceAll(/[^\w.@-]+/g, '-')}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
