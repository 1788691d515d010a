/** Whether a file is an image that can be read, by its name; hidden ones do not count. */
export const isImageName = (name: string): boolean => /^[^.].*\.(jpe?g|png|webp|gif|tiff?|avif)$/i.test(name);
