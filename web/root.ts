/** The path that everything is served below, with a slash at its end: `/`, or what a proxy puts before it. */
export const ROOT: string = new URL(document.querySelector('meta[name=root]')?.getAttribute('content') ?? './', document.location.href)
  .pathname;

/** Where a path of the API, such as `/images/ID.png`, is found. */
export const below = (path: string): string => ROOT + path.replace(/^\//, '');
