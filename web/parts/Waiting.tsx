/** Keeps a page's place while its answer is on its way. */
export function Waiting() {
  return (
    <p className="soft waiting" role="status">
      Asking the store …
    </p>
  );
}
