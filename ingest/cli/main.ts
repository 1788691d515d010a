import { Command } from 'commander';
import { DissectoryError } from '../../core/errors.ts';
import { CODE_VERSION } from '../../store/package.ts';
import { ablateCommand } from './commands/ablate.ts';
import { classifyCommand } from './commands/classify.ts';
import { datasetCommand } from './commands/dataset.ts';
import { dissectCommand } from './commands/dissect.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { experimentCommand } from './commands/experiment.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { imagesCommand } from './commands/images.ts';
import { jobsCommand } from './commands/jobs.ts';
import { modelCommand } from './commands/model.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { importCommand } from './commands/tally.ts';
import { watchCommand } from './commands/watch.ts';
import { workerCommand } from './commands/worker.ts';

const program = new Command('dissectory')
  .description('Network Dissection: what the units of a CNN detect, from model files to a GraphQL API')
  .version(CODE_VERSION)
  .option('--json', 'one JSON document on standard output, errors as JSON on standard error, no progress')
  .showHelpAfterError('(--help shows how it is used)');
for (const command of [
  datasetCommand(),
  imagesCommand(),
  modelCommand(),
  dissectCommand(),
  experimentCommand(),
  classifyCommand(),
  explainCommand(),
  ablateCommand(),
  enqueueCommand(),
  jobsCommand(),
  workerCommand(),
  watchCommand(),
  scheduleCommand(),
  importCommand(),
  exportCommand(),
  serveCommand(),
  startCommand(),
  statusCommand(),
]) {
  program.addCommand(command);
}

try {
  await program.parseAsync();
} catch (error) {
  report(error);
  process.exitCode = 1;
}

function report(error: unknown): void {
  const known = error instanceof DissectoryError;
  const code = known ? error.code : 'UNEXPECTED';
  const message = error instanceof Error ? error.message : String(error);
  if (program.opts<{ json?: boolean }>().json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`);
    return;
  }
  process.stderr.write(
    known
      ? `dissectory: ${message}\n`
      : `dissectory: unexpected error, please report it:\n${error instanceof Error ? error.stack : message}\n`,
  );
}
