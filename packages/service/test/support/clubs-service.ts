import {
  authenticate,
  collection,
  type EpochClaims,
  err,
  field,
  issueToken,
  logIn,
  ownEvents,
  statelessTokens,
  type TokenId,
  toNumericDate,
  type UserId,
} from '@portcullis/domain';
import {
  epochClaim,
  epochClaimOf,
  joseTokenCodec,
  numericDateClaim,
  secretKeyRing,
  type TokenFormat,
  uuidClaim,
} from '@portcullis/security';
import { type CommonParts, defineService, lifetime, settingsOf } from '@portcullis/service';
import { toy } from './toy-service.ts';

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Who is a member of which clubs. */
interface Membership {
  readonly userId: UserId;
  readonly clubs: readonly string[];
}

const memberships = collection<Membership, 'userId'>('memberships', {
  key: 'userId',
  order: ['userId'],
  fields: { userId: field.reference, clubs: field.json(areTexts) },
});

// Claims of its own: the clubs of a user, as they are at the login.

interface ClubsClaims extends EpochClaims {
  readonly clubs: readonly string[];
}

const tokenFormat: TokenFormat<ClubsClaims> = {
  type: 'JWT',
  spelling: 'own',
  write: ({ userId, tokenId, epoch, issuedAt, expiresAt, clubs }) => ({
    ...{ sub: userId, jti: tokenId, iat: toNumericDate(issuedAt), exp: toNumericDate(expiresAt), clubs },
    ...epochClaimOf(epoch),
  }),
  read({ sub, jti, iat, exp, epoch: named, clubs }) {
    const [userId, tokenId, epoch] = [uuidClaim<UserId>(sub), uuidClaim<TokenId>(jti), epochClaim(named)];
    const [issuedAt, expiresAt] = [numericDateClaim(iat), numericDateClaim(exp)];
    if (!userId || !tokenId || epoch === undefined || !areTexts(clubs)) return undefined;
    if (issuedAt === undefined || expiresAt === undefined) return undefined;
    return { userId, tokenId, epoch, issuedAt, expiresAt, clubs };
  },
};

// Events of its own.

type ClubEvent = {
  readonly kind: 'club-joined' | 'club-refused';
  readonly userId: UserId;
  readonly club: string;
};

const fields = { userId: 'the user, by id', club: 'which club' };
const clubEvents = ownEvents<ClubEvent>({
  'club-joined': { meaning: 'A user joined a club.', merged: false, fields },
  'club-refused': { meaning: 'A user asked to join a club again.', merged: true, alarming: true, fields },
});

async function useCases(
  parts: CommonParts,
  { ACCESS_TOKEN_LIFETIME_SECONDS: lifetimeSeconds }: { readonly ACCESS_TOKEN_LIFETIME_SECONDS: number },
) {
  const { clock } = parts;
  const emit = clubEvents.emitter(parts.emit);
  const members = parts.collection(memberships);
  const clubsOf = async (id: UserId) => (await members.byKey(id))?.record.clubs ?? [];

  const ring = await secretKeyRing(parts.tokenSecrets);
  const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
  const policy = {
    lifetimeSeconds,
    claimsOf: async ({ id }: { readonly id: UserId }, token: EpochClaims) => ({ ...token, clubs: await clubsOf(id) }),
  };
  const tokens = statelessTokens({ ...parts, issue: issueToken({ ...parts, codec, policy }) });

  // Another use case in the place of a common one: the routes have this one.
  const register: CommonParts['register'] = async (registration) =>
    registration.login.endsWith('.invalid')
      ? err({ kind: 'login-taken', login: registration.login })
      : parts.register(registration);

  return {
    register,
    logIn: logIn({ ...parts, tokens }),
    authenticate: authenticate({ ...parts, codec }),
    async joinClub(userId: UserId, club: string): Promise<void> {
      for (;;) {
        const found = await members.byKey(userId);
        const isMember = found?.record.clubs.includes(club) ?? false;
        const record = { userId, clubs: [...(found?.record.clubs ?? []), club] };
        // Somebody else may have changed the record in between: then it is read again.
        if (!isMember && !(await (found ? members.replace(record, found.version) : members.add(record))).ok) continue;
        emit({ event: { kind: isMember ? 'club-refused' : 'club-joined', userId, club }, at: clock() });
        return;
      }
    },
  };
}

export const clubs = defineService({
  ...toy,
  name: 'clubs',
  settings: settingsOf({ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('a token', { default: 900 }) }),
  collections: [memberships],

  useCases,
  events: clubEvents,
  // What is done after a registration, without the client waiting for it.
  async onEvent({ event }, { joinClub }) {
    if (event.kind === 'registered') await joinClub(event.userId, 'newcomers');
  },
  api: toy.api,
});
