/**
 * Lua that runs inside Redis, where a script is one indivisible step.
 *
 * Keys, all under one prefix: `meta` (hash: the epoch, the newest offset of each topic, the newest placed event, and the last canary), `log:<epoch>:<topic>` (stream: entry id
 * `<offset>-0`), `ids:<epoch>:<topic>` (sorted set: event id by offset). The epoch is part of the names, so what an epoch left behind can
 * never be read as the next one's; those keys expire by themselves.
 */

/** Reads the epoch, or begins one when Redis is empty or was flushed. ARGV[1] = prefix, ARGV[2] = the epoch to begin. */
const EPOCH = `
local prefix = ARGV[1]
local meta = prefix .. 'meta'
local epoch = redis.call('HGET', meta, 'epoch')
if not epoch then
  epoch = ARGV[2]
  redis.call('HSET', meta, 'epoch', epoch)
end
`;

/**
 * Gives events their offsets, keeps them, and tells every node [POS1] [ORD1].
 *
 * ARGV: prefix, new epoch, history size, history age (ms), ids remembered per topic, the place ('*' = none, else the newest placed id that
 * the publisher knows, then topic and id of the event before), then id, topic and body of each event.
 * Returns the epoch, then an offset for each event; the epoch alone = misplaced, nothing was done. An id that is remembered gets the offset it
 * had and is not told again [ORD2].
 */
export const PUBLISH = `${EPOCH}
local size, age, remembered = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local newest, before, beforeId = ARGV[6], ARGV[7], ARGV[8]
local placed = redis.call('HGET', meta, 'placed') or ''
if newest ~= '*' and newest ~= placed and not redis.call('ZSCORE', prefix .. 'ids:' .. epoch .. ':' .. before, beforeId) then
  return { epoch }
end
local reply, told = { epoch }, {}
for i = 9, #ARGV, 3 do
  local id, topic, body = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local log, ids = prefix .. 'log:' .. epoch .. ':' .. topic, prefix .. 'ids:' .. epoch .. ':' .. topic
  local known = redis.call('ZSCORE', ids, id)
  if known then
    reply[#reply + 1] = tonumber(known)
  else
    local offset = redis.call('HINCRBY', meta, 'head:' .. topic, 1)
    redis.call('XADD', log, 'MAXLEN', '~', size, offset .. '-0', 'event', body)
    redis.call('ZADD', ids, offset, id)
    redis.call('ZREMRANGEBYSCORE', ids, '-inf', offset - remembered)
    redis.call('PEXPIRE', log, age * 2)
    redis.call('PEXPIRE', ids, age * 2)
    reply[#reply + 1] = offset
    placed = id
    told[#told + 1] = topic .. '\\t' .. offset .. '\\t' .. body
  end
end
if #told > 0 then
  if newest ~= '*' then
    redis.call('HSET', meta, 'placed', placed)
  end
  redis.call('PUBLISH', prefix .. 'events', epoch .. '\\n' .. table.concat(told, '\\n'))
end
return reply
`;

/** Cuts a topic's history behind the newest of some events. ARGV: prefix, new epoch, topic, then their ids. */
export const FORGET = `${EPOCH}
local log, ids = prefix .. 'log:' .. epoch .. ':' .. ARGV[3], prefix .. 'ids:' .. epoch .. ':' .. ARGV[3]
local through = 0
for i = 4, #ARGV do
  through = math.max(through, tonumber(redis.call('ZSCORE', ids, ARGV[i]) or 0))
end
if through > 0 then
  redis.call('XTRIM', log, 'MINID', (through + 1) .. '-0')
end
return through
`;

/** The epoch, or an empty text where none has begun. ARGV[1] = prefix. */
export const PRESENT_EPOCH = "return redis.call('HGET', ARGV[1] .. 'meta', 'epoch') or ''";

/** Id of the newest event that was taken with a place, or an empty text. ARGV[1] = prefix. */
export const NEWEST_PLACED = "return redis.call('HGET', ARGV[1] .. 'meta', 'placed') or ''";

/**
 * Tells one node, on a channel of its own, where every topic stands. What this node was told before the canary came must reach up to
 * these offsets; where it does not, something was lost on the way. It writes, because a Redis that is full, read-only or cannot save still answers
 * and delivers, but takes no events. ARGV: prefix, new epoch, node id, number of the canary.
 */
export const CANARY = `${EPOCH}
redis.call('HSET', meta, 'canary', ARGV[4])
local fields = redis.call('HGETALL', meta)
local heads = {}
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 5) == 'head:' then
    heads[#heads + 1] = string.sub(fields[i], 6) .. '\\t' .. fields[i + 1]
  end
end
return redis.call('PUBLISH', prefix .. 'node:' .. ARGV[3], ARGV[4] .. '\\n' .. epoch .. '\\n' .. table.concat(heads, '\\n'))
`;
