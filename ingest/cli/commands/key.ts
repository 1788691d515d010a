import { Command, Option } from 'commander';
import type { KeyScope } from '../../../prisma/generated/enums.ts';
import { createKey, listKeys, revokeKey } from '../../../store/keys.ts';
import { withSession } from '../session.ts';
import { table } from '../terminal.ts';

export function keyCommand(): Command {
  return new Command('key')
    .description('keys for a server that is reached from elsewhere, sent as `Authorization: Bearer KEY`')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

const createCommand = () =>
  new Command('create')
    .description('make a key and print it; it cannot be shown again')
    .addOption(
      new Option('--scope <scope>', 'read: queries and pictures; ingest: mutations too; admin: the audit log too')
        .choices(['read', 'ingest', 'admin'])
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'who or what will use it')
    .action(({ scope, name }: { scope: string; name: string }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const { key, token } = await createKey(store, name, scope.toUpperCase() as KeyScope);
        terminal.result({ id: key.id, name, scope, key: token }, token);
      }),
    );

const listCommand = () =>
  new Command('list').description('keys with what they let do; the keys themselves are not stored').action((_: object, command: Command) =>
    withSession(command, async ({ store, terminal }) => {
      const keys = (await listKeys(store)).map(({ id, name, scope, createdAt, lastUsedAt, revokedAt }) => {
        return { id, name, scope: scope.toLowerCase(), createdAt, lastUsedAt, revokedAt };
      });
      const rows = keys.map((key) => [
        key.name,
        key.scope,
        key.createdAt.toISOString(),
        key.lastUsedAt?.toISOString() ?? 'never',
        key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : 'valid',
      ]);
      terminal.result({ keys }, table(['NAME', 'SCOPE', 'CREATED', 'LAST USED', 'STATE'], rows));
    }),
  );

const revokeCommand = () =>
  new Command('revoke')
    .description('end a key at once')
    .argument('<name>', 'as `key list` shows it')
    .action((name: string, _: object, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const { revokedAt } = await revokeKey(store, name);
        terminal.result({ name, revokedAt }, `${name}: revoked`);
      }),
    );
