// A real OpenID provider (npm oidc-provider, certified) for the journeys: one page that asks who you are, and says
// which level it was. Started by tests/journeys/test_provider.py and test_eid.py with PORT and CLIENTS in its environment.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const issuer = `http://provider.localhost:${process.env.PORT}`;
const provider = new Provider(issuer, {
  clients: JSON.parse(readFileSync(process.env.CLIENTS)),
  acrValues: ['high', 'low'],
  claims: { openid: ['sub'], profile: ['name', 'groups', 'pid'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  cookies: { keys: ['only-for-these-tests'] },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, pid: '12057900499', groups: [`${id}s-group`] }),
  }),
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="en"><title>Provider</title><main><h1>Who are you?</h1>
<form method="post" action="/interaction/${uid}"><label>Name <input name="login"></label>
<label>Level <input name="acr" value="high"></label><button>Sign in</button> <button name="stop" value="1">Stop</button></form></main></html>`;

provider.use(async (ctx, next) => {
  const found = /^\/interaction\/([\w-]+)$/.exec(ctx.path);
  if (!found) return next();
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = page(found[1]);
    return undefined;
  }
  let body = '';
  for await (const part of ctx.req) body += part;
  const said = new URLSearchParams(body);
  if (said.get('stop')) {
    ctx.respond = false;
    const stopped = { error: 'access_denied', error_description: 'stopped' };
    await provider.interactionFinished(ctx.req, ctx.res, stopped, { mergeWithLastSubmission: false });
    return undefined;
  }
  const login = { accountId: said.get('login'), acr: said.get('acr'), amr: ['pwd'], remember: true };
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false });
  return undefined;
});

provider.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
