-- When the next job of one shard is due.
-- KEYS     1 due
-- Returns  {now in ms, when it is due in ms or ''}

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return { now, redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] or '' }
