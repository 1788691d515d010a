export type MaskStyle = 'lit' | 'outline' | 'heat';

const OUTSIDE = 1 / 3;
const EDGE = [255, 255, 235];

/**
 * Draws an image with a unit's activation on it: dark outside the mask, the mask's edge alone, or the activation as
 * warmth.
 *
 * @param activation grey, of the image's shape
 * @param level the mask is where its grey over 255 reaches this
 */
export function drawMask(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  activation: HTMLImageElement,
  style: MaskStyle,
  level: number,
): void {
  const width = image.naturalWidth;
  const height = image.naturalHeight;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  context.drawImage(activation, 0, 0, width, height);
  const grey = context.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 0);
  context.drawImage(image, 0, 0);
  const picture = context.getImageData(0, 0, width, height);
  const isIn = (x: number, y: number) => grey[y * width + x] >= level * 255;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      if (style === 'heat') warm(picture.data, at, grey[y * width + x] / 255);
      else if (!isIn(x, y)) {
        if (style === 'lit') for (let c = 0; c < 3; c++) picture.data[at + c] *= OUTSIDE;
      } else if (hasOutside(isIn, x, y, width, height)) picture.data.set(EDGE, at);
    }
  }
  context.putImageData(picture, 0, 0);
}

function hasOutside(isIn: (x: number, y: number) => boolean, x: number, y: number, width: number, height: number): boolean {
  return (
    (x > 0 && !isIn(x - 1, y)) || (x < width - 1 && !isIn(x + 1, y)) || (y > 0 && !isIn(x, y - 1)) || (y < height - 1 && !isIn(x, y + 1))
  );
}

/** The picture in grey where nothing is, towards orange and yellow where the unit is active. */
function warm(data: Uint8ClampedArray, at: number, activation: number): void {
  const luma = 0.5 * (0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
  data[at] = luma + activation * 255;
  data[at + 1] = luma + activation * activation * 190;
  data[at + 2] = luma * (1 - activation);
}
