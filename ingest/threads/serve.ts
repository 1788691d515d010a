import { parentPort, workerData } from 'node:worker_threads';
import { CLOSE, failureOf, type Message } from './protocol.ts';

/** What a thread does once it stands. */
export interface Service<Ready, Request, Answer> {
  /** Said once. */
  ready: Ready;
  answer(request: Request): Promise<Answer>;
  /** Memory of an answer that is handed over instead of copied; default: none. */
  handedOver?(answer: Answer): ArrayBuffer[];
  close?(): Promise<unknown>;
}

/**
 * The thread's side: opens the service with what `startThread` was given, says that it stands, and answers requests in
 * their order until it is told to close. What is thrown goes to who asked, with its code. Nothing happens on the main
 * thread, where types are imported from.
 */
export function serve<Data, Ready, Request, Answer>(open: (data: Data) => Promise<Service<Ready, Request, Answer>>): void {
  const port = parentPort;
  if (port === null) return;
  const say = <T>(message: Message<T>, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  open(workerData)
    .then((service) => {
      port.on('message', async (request: Request | typeof CLOSE) => {
        if (request === CLOSE) {
          await service.close?.();
          return port.close();
        }
        try {
          const value = await service.answer(request);
          say({ value }, service.handedOver?.(value));
        } catch (error) {
          say({ failure: failureOf(error) });
        }
      });
      say({ value: service.ready });
    })
    .catch((error) => say({ failure: failureOf(error) }));
}
