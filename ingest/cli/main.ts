import { Command } from 'commander';
import { CODE_VERSION } from '../../store/package.ts';
import { ablateCommand } from './commands/ablate.ts';
import { activationsCommand } from './commands/activations.ts';
import { classifyCommand } from './commands/classify.ts';
import { datasetCommand } from './commands/dataset.ts';
import { dissectCommand } from './commands/dissect.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { experimentCommand } from './commands/experiment.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { imagesCommand } from './commands/images.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keyCommand } from './commands/key.ts';
import { modelCommand } from './commands/model.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { storeCommand } from './commands/store.ts';
import { importCommand } from './commands/tally.ts';
import { watchCommand } from './commands/watch.ts';
import { workerCommand } from './commands/worker.ts';
import { report } from './report.ts';
import { endUnread } from './way-out.ts';

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
  activationsCommand(),
  enqueueCommand(),
  jobsCommand(),
  workerCommand(),
  watchCommand(),
  scheduleCommand(),
  keyCommand(),
  importCommand(),
  exportCommand(),
  serveCommand(),
  startCommand(),
  statusCommand(),
  storeCommand(),
  doctorCommand(),
]) {
  program.addCommand(command);
}

process.stdout.on('error', endUnread);
process.stderr.on('error', () => {}); // nobody hears of it

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, program.opts<{ json?: boolean }>().json === true);
}
