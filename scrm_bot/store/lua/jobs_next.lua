-- When the next job of one shard is due, and when the last of those that are due already fell due.
-- KEYS     1 due
-- Returns  {now in ms, when it is due in ms or '', when that one fell due in ms or ''}

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local freshest = redis.call('ZREVRANGEBYSCORE', KEYS[1], now, '-inf', 'WITHSCORES', 'LIMIT', 0, 1)
return { now, redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] or '', freshest[2] or '' }
