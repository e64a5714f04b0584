import { viewOf } from '@portcullis/http';
import Type from 'typebox';

const show = viewOf<'alive' | 'ready'>();

export const healthView = show.view('Health', {
  status: show.field(Type.Union([Type.Literal('alive'), Type.Literal('ready')]), (status) => status),
});
