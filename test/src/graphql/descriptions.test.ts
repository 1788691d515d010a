import { buildSchema, isInterfaceType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { typeDefs } from '../../../src/graphql/schema.ts';

const types = Object.values(buildSchema(typeDefs).getTypeMap()).filter((type) => !type.name.startsWith('__'));
const objects = types.filter((type) => isObjectType(type) || isInterfaceType(type));

it('every argument of the API says what it means', () => {
  const all = objects.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.map((arg) => ({ at: `${type.name}.${field.name}.${arg.name}`, says: arg.description })),
    ),
  );
  expect(all.length).toBeGreaterThan(150);
  expect(all.filter(({ says }) => !says).map(({ at }) => at)).toEqual([]);
});

it('every connection and every global id says what it means', () => {
  const fields = objects.flatMap((type) =>
    Object.values(type.getFields()).map(({ name, description }) => ({ type: type.name, name, description })),
  );
  const asked = fields.filter(({ type, name }) => /(Connection|Edge)$/.test(type) || name === 'id');
  expect(asked.filter(({ description }) => !description).map(({ type, name }) => `${type}.${name}`)).toEqual([]);
});
