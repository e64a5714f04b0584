import type { IssuedToken, User } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import type { Ship } from './ship/ship.ts';

const positive = Type.Integer({ minimum: 1 });

const ofUser = viewOf<User>();
export const userView = ofUser.view('User', {
  id: ofUser.field(positive, ({ id }) => Number(id)),
  name: ofUser.field(Type.String(), ({ login }) => login),
});

const ofShip = viewOf<Ship>();
export const shipView = ofShip.view('Ship', {
  id: ofShip.field(positive, ({ id }) => id),
  affiliation: ofShip.field(Type.String(), ({ affiliation }) => affiliation),
  category: ofShip.field(Type.String(), ({ category }) => category),
  crew: ofShip.field(positive, ({ crew }) => crew),
  length: ofShip.field(positive, ({ length }) => length),
  manufacturer: ofShip.field(Type.String(), ({ manufacturer }) => manufacturer),
  model: ofShip.field(Type.String(), ({ model }) => model),
  roles: ofShip.field(Type.Array(Type.String()), ({ roles }) => [...roles]),
  ship_class: ofShip.field(Type.String(), ({ shipClass }) => shipClass),
});

const ofAccess = viewOf<IssuedToken>();
export const accessTokenView = ofAccess.view('AccessToken', {
  access_token: ofAccess.field(Type.String(), ({ text }) => text),
});

const ofPair = viewOf<{ readonly access: IssuedToken; readonly refresh: IssuedToken }>();
export const tokenPairView = ofPair.view('TokenPair', {
  access_token: ofPair.field(Type.String(), ({ access }) => access.text),
  refresh_token: ofPair.field(Type.String(), ({ refresh }) => refresh.text),
});

const ofOutcome = viewOf<string>();
export const outcomeView = ofOutcome.view('Outcome', { message: ofOutcome.field(Type.String(), (message) => message) });
