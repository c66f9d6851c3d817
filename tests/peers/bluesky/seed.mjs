// Plays a world file (made by tests/peers/world.py) on a running network and returns what came of it:
// {accounts: {key: did}, records: {ref: {uri, cid}}}. Every event comes after those that it acts on; an account writes all
// that it may at one time in one commit, which is ten times faster than record by record. Deletions come last.
const PARALLEL_ACCOUNTS = 4
const WRITES_AT_ONCE = 100
const COLLECTIONS = { like: 'app.bsky.feed.like', repost: 'app.bsky.feed.repost', follow: 'app.bsky.graph.follow' }

export async function play(network, world) {
  const client = network.getSeedClient()
  const accounts = await openAccounts(client, world.accounts)
  const records = {}
  for (const round of rounds(world.events)) {
    for (let start = 0; start < round.length; start += PARALLEL_ACCOUNTS) {
      const writers = round.slice(start, start + PARALLEL_ACCOUNTS)
      await Promise.all(writers.map((events) => write(client, events, accounts, records, world.accounts)))
    }
  }
  for (const event of world.events.filter((e) => e.act === 'delete')) {
    await remove(client, client.getHeaders(accounts[event.by]), records[event.target].uri)
  }
  await network.processAll(120_000)
  return { accounts, records }
}

// Events by round and account: round n holds what acts on nothing later than round n - 1.
function rounds(events) {
  const depth = {}
  const found = []
  for (const event of events.filter((e) => e.act !== 'delete')) {
    const below = [event.target, event.root, event.quotes].filter((ref) => ref in depth).map((ref) => depth[ref] + 1)
    const round = Math.max(0, ...below)
    depth[event.ref] = round
    found[round] ??= {}
    ;(found[round][event.by] ??= []).push(event)
  }
  return found.map((byAccount) => Object.values(byAccount))
}

async function write(client, events, accounts, records, specs) {
  const repo = accounts[events[0].by]
  for (let start = 0; start < events.length; start += WRITES_AT_ONCE) {
    const part = events.slice(start, start + WRITES_AT_ONCE)
    const writes = part.map((event) => {
      const { collection, record } = recordOf(event, accounts, records, specs)
      const value = { $type: collection, ...record, createdAt: event.at }
      return { $type: 'com.atproto.repo.applyWrites#create', collection, value }
    })
    const options = { headers: client.getHeaders(repo), encoding: 'application/json' }
    const answer = await client.agent.com.atproto.repo.applyWrites({ repo, writes }, options)
    part.forEach((event, n) => { records[event.ref] = { uri: answer.data.results[n].uri, cid: answer.data.results[n].cid } })
  }
}

async function openAccounts(client, specs) {
  const dids = {}
  for (let start = 0; start < specs.length; start += PARALLEL_ACCOUNTS) {
    await Promise.all(specs.slice(start, start + PARALLEL_ACCOUNTS).map(async (spec) => {
      const account = await client.createAccount(spec.key, {
        handle: spec.handle, email: `${spec.key}@test.invalid`, password: 'contoh-contoh-contoh',
      })
      dids[spec.key] = account.did
      await client.updateProfile(account.did, { $type: 'app.bsky.actor.profile', displayName: spec.name, description: spec.bio })
    }))
  }
  return dids
}

function recordOf(event, accounts, records, specs) {
  const strong = (ref) => ({ uri: records[ref].uri, cid: records[ref].cid })
  if (event.act === 'follow') return { collection: COLLECTIONS.follow, record: { subject: accounts[event.target] } }
  if (event.act === 'like' || event.act === 'repost') return { collection: COLLECTIONS[event.act], record: { subject: strong(event.target) } }
  const record = { text: event.text, langs: ['id'] }
  const facets = facetsOf(event.text, accounts, specs)
  if (facets.length) record.facets = facets
  if (event.act === 'reply') record.reply = { root: strong(event.root), parent: strong(event.target) }
  const quoted = event.act === 'quote' ? event.target : event.quotes
  if (quoted) record.embed = { $type: 'app.bsky.embed.record', record: strong(quoted) }
  return { collection: 'app.bsky.feed.post', record }
}

// Hashtags, links and the handles of known accounts, as clients mark them: by offsets in UTF-8 bytes.
function facetsOf(text, accounts, specs) {
  const bytes = (end) => Buffer.byteLength(text.slice(0, end))
  const facet = (match, feature) => ({ index: { byteStart: bytes(match.index), byteEnd: bytes(match.index + match[0].length) }, features: [feature] })
  const facets = []
  for (const m of text.matchAll(/#(\w+)/gu)) facets.push(facet(m, { $type: 'app.bsky.richtext.facet#tag', tag: m[1] }))
  for (const m of text.matchAll(/https:\/\/\S+/gu)) facets.push(facet(m, { $type: 'app.bsky.richtext.facet#link', uri: m[0] }))
  for (const m of text.matchAll(/@([a-z0-9-]+\.test)/gu)) {
    const spec = specs.find((s) => s.handle === m[1])
    if (spec) facets.push(facet(m, { $type: 'app.bsky.richtext.facet#mention', did: accounts[spec.key] }))
  }
  return facets
}

async function remove(client, headers, uri) {
  const [repo, collection, rkey] = uri.slice('at://'.length).split('/')
  await client.agent.com.atproto.repo.deleteRecord({ repo, collection, rkey }, { headers, encoding: 'application/json' })
}
