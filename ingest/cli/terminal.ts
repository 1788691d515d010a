import cliProgress, { type GenericFormatter, type Options, Presets, SingleBar } from 'cli-progress';

/** Node does not see this one among the names of the CommonJS module. */
const { Format } = cliProgress;

/**
 * How a command speaks: text for people, or with --json one JSON document on standard output for machines. Progress
 * goes to standard error.
 */
export interface Terminal {
  json: boolean;
  /** The command's result: `value` for machines, `text` for people. */
  result(value: unknown, text: string): void;
  /** Something a person wants to know on the way. */
  note(text: string): void;
  /** One of many results of a command that goes on: a line, with --json a JSON document a line. */
  event(value: unknown, text: string): void;
}

export function terminal(json: boolean): Terminal {
  return {
    json,
    result: (value, text) => void process.stdout.write(`${json ? JSON.stringify(value) : printable(text)}\n`),
    event: (value, text) => void process.stdout.write(`${json ? JSON.stringify(value) : printable(text)}\n`),
    note: (text) => void (json || process.stderr.write(`${printable(text)}\n`)),
  };
}

/**
 * Text from elsewhere, such as why a job failed, must not move the cursor or colour what follows: of control characters
 * only line ends and tabs stay.
 */
export const printable = (text: string): string => text.replaceAll(/(?![\n\t])\p{Cc}/gu, '\uFFFD');

/** A bar for each phase of a long job, one after the other. Without a terminal it is a line now and then. */
export interface Progress {
  show(phase: string, done: number, of: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 10_000;

export function progress({ json }: Terminal): Progress {
  let bar: SingleBar | null = null;
  let current = '';
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  return {
    show(phase, done, of) {
      if (json) return;
      if (phase !== current) {
        stop();
        bar = new SingleBar(
          {
            format: barOf(phase),
            stream: process.stderr,
            noTTYOutput: true,
            notTTYSchedule: LINE_EVERY_MS,
            hideCursor: true,
            formatTime: duration,
          },
          Presets.shades_classic,
        );
        bar.start(of, done);
        current = phase;
      }
      bar?.update(done);
    },
    stop,
  };
}

/** What a bar says; how long is left only while something is. */
function barOf(phase: string): GenericFormatter {
  const counts = `${phase.padEnd(12)} {bar} {percentage}% | {value}/{total} ${phase === 'fetch' ? 'files' : 'images'} | {duration_formatted}`;
  return (options, params, payload) =>
    Format.Formatter({ ...options, format: params.value < params.total ? `${counts}, {eta_formatted} left` : counts }, params, payload);
}

/**
 * How long something takes, for people: `12s`, `03m20s`; a question mark where nothing has been done yet that it could
 * be told from.
 */
function duration(seconds: unknown, options: Options, roundTo: number): string {
  return Number.isFinite(Number(seconds)) ? Format.TimeFormat(Number(seconds), options, roundTo) : '?';
}

/** A number with its noun: `1 fault`, `2 faults`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Columns padded to their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
