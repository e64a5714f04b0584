import { viewOf } from '@portcullis/http';
import Type from 'typebox';

const show = viewOf<{ readonly message: string }>();

/** That something was done, in words. */
export const outcomeView = show.view('Outcome', {
  status: show.field(Type.Literal('success'), () => 'success' as const),
  message: show.field(Type.String(), ({ message }) => message),
});
