import { useState } from 'react';
import type { TypedDocumentString } from '../generated/documents.ts';
import { below } from '../root.ts';
import { Wide } from './Wide.tsx';

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
      <Wide label="Query">
        <pre>{query}</pre>
      </Wide>
      {given !== '{}' && (
        <Wide label="Variables">
          <pre>{given}</pre>
        </Wide>
      )}
    </details>
  );
}
