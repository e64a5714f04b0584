import assert from 'node:assert/strict';
import { refusesFields } from './expect.ts';
import { type Answer, content, type Fields, newName, stringIn, type World } from './world.ts';

/** Creates a widget with these fields in the place of right ones; JSON can say every text there is. */
export async function create(world: World, fields: Partial<Fields>): Promise<Answer> {
  const { token } = await world.logInAdministrator();
  return world.send('POST', '/widgets', { token, json: { name: newName(), ...content, ...fields } });
}

/** That this field is refused for this reason, by POST and by PUT. */
export async function refused(
  world: World,
  field: 'info_url' | 'deadline',
  value: string,
  reason: string,
): Promise<void> {
  const { token } = await world.logInAdministrator();
  const json = { ...content, [field]: value };
  refusesFields(await world.send('POST', '/widgets', { token, json: { name: newName(), ...json } }), {
    [field]: reason,
  });
  refusesFields(await world.send('PUT', `/widgets/${newName()}`, { token, json }), { [field]: reason });
}

/** Creates a widget with these fields and answers one of it as it is shown. */
export async function shownAs(world: World, fields: Partial<Fields>, field: string): Promise<string> {
  const name = newName();
  const created = await create(world, { name, ...fields });
  assert.equal(created.status, 201, `${JSON.stringify(fields)}: ${created.text}`);
  const { token } = await world.logInAdministrator();
  return stringIn(await world.send('GET', `/widgets/${name}`, { token }), field);
}
