import type { ReactNode } from 'react';

/** What to do where there is nothing yet: the command, ready to be copied. */
export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <div>
      <p>{children}</p>
      {command && (
        <p className="row">
          <code>{command}</code>
          <button type="button" onClick={() => navigator.clipboard.writeText(command)}>
            Copy
          </button>
        </p>
      )}
    </div>
  );
}

export function EmptyStore() {
  return (
    <>
      <h1>Nothing has been dissected yet</h1>
      <Empty command="npm start">The bundled example takes half a minute; it dissects three small networks and shows them here.</Empty>
      <Empty command="npx dissectory model add my-network.onnx --slug my-network">Or begin with a network of your own:</Empty>
      <Empty command="npx dissectory dissect my-network --dataset broden-mini --layers all">and dissect it:</Empty>
    </>
  );
}
