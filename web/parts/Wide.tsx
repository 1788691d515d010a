import type { ReactNode } from 'react';

/** What may be wider than a small screen: it scrolls by itself, also by the keyboard, so that the page does not. */
export function Wide({ label, children, className = '' }: { label: string; children: ReactNode; className?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={`scroll ${className}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
