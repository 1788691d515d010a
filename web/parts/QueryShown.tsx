import { useState } from 'react';
import type { TypedDocumentString } from '../generated/documents.ts';
import { below } from '../root.ts';

/** A page's question, to be copied into a script or tried in the API's own page. */
export function QueryShown<Data, Variables>({
  document,
  variables,
}: {
  document: TypedDocumentString<Data, Variables>;
  variables: Variables;
}) {
  const [copied, setCopied] = useState(false);
  const query = document.toString().trim();
  const given = JSON.stringify(variables, null, 2);
  const copy = async () => {
    await navigator.clipboard.writeText(given === '{}' ? query : `${query}\n# variables\n${given}\n`);
    setCopied(true);
  };
  return (
    <details className="noprint">
      <summary className="soft small">This page as a GraphQL query</summary>
      <p className="row">
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy query'}
        </button>
        <a href={below('graphiql')}>Try it in the API’s own page</a>
      </p>
      <Code name="Query" text={query} />
      {given !== '{}' && <Code name="Variables" text={given} />}
    </details>
  );
}

function Code({ name, text }: { name: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
    <section tabIndex={0} aria-label={name} className="scroll">
      <pre>{text}</pre>
    </section>
  );
}
