/**
 * Lua for limits over all nodes. Keys, under the installation's prefix: `rate:<user>` (hash: tokens, and when they were counted), `places:<user>`
 * (hash: connections by node), `alive:<node>` (expires when the node falls silent). Redis's own clock counts: the nodes' may differ.
 */

/** ARGV: prefix, user, tokens to take, tokens a second, tokens at most. Returns 0, or the milliseconds to wait; then nothing was taken. */
export const TAKE_TOKENS = `
local key, count, per_ms, burst = ARGV[1] .. 'rate:' .. ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]) / 1000, tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local known = redis.call('HMGET', key, 'tokens', 'at')
local tokens = burst
if known[1] then
  tokens = math.min(burst, known[1] + math.max(0, now - known[2]) * per_ms)
end
local wait = 0
if tokens >= count then
  tokens = tokens - count
else
  wait = math.max(1, math.ceil((count - tokens) / per_ms))
end
redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', key, math.ceil(burst / per_ms) + 1000)
return wait
`;

/** ARGV: prefix, node, user, connections that the node is to have, connections at most on all nodes. Returns 1, or 0 and has changed nothing. */
export const CLAIM_PLACES = `
local prefix, node, count, limit = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local key = prefix .. 'places:' .. ARGV[3]
local fields = redis.call('HGETALL', key)
local sum = count
for i = 1, #fields, 2 do
  if fields[i] ~= node then
    if redis.call('EXISTS', prefix .. 'alive:' .. fields[i]) == 1 then
      sum = sum + tonumber(fields[i + 1])
    else
      redis.call('HDEL', key, fields[i])
    end
  end
end
if sum > limit then
  return 0
end
redis.call('HSET', key, node, count)
return 1
`;

/** ARGV: prefix, node, then user and connections on the node, for each user. */
export const TELL_PLACES = `
for i = 3, #ARGV, 2 do
  local key = ARGV[1] .. 'places:' .. ARGV[i]
  if ARGV[i + 1] == '0' then
    redis.call('HDEL', key, ARGV[2])
  else
    redis.call('HSET', key, ARGV[2], ARGV[i + 1])
  end
end
return 1
`;

/** ARGV: prefix, node, milliseconds after which it counts as gone. Returns 1 when it had been known. */
export const BEAT = `
local key = ARGV[1] .. 'alive:' .. ARGV[2]
local known = redis.call('EXISTS', key)
redis.call('SET', key, 1, 'PX', ARGV[3])
return known
`;
