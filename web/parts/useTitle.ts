import { useEffect } from 'react';

/** The browser's title of a page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Dissectory' : `${title} · Dissectory`;
  }, [title]);
}
