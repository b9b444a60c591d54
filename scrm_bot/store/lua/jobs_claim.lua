-- Take what is due in one shard, the most overdue first or last, and push it to the end of a lease.
-- Needs due.lua
-- KEYS     1-4 work
-- ARGV     1 most, 2 lease in us, 3 'freshest' for what fell due last
-- Returns  {lease end in us, now in ms, ms when the next is due or '', member, body, attempt, ms due, ...}

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
local now = now_us()
local lease = digits(now + ARGV[2])
local claimed = { lease, digits(now / 1000), '' }
local found
if ARGV[3] == 'freshest' then
  found = redis.call('ZREVRANGEBYSCORE', W[1], now / 1000, '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
else
  found = redis.call('ZRANGEBYSCORE', W[1], '-inf', now / 1000, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
end
for at = 1, #found, 2 do
  local member = found[at]
  local body = redis.call('HGET', W[2], member)
  if body then
    local before = string.match(redis.call('HGET', W[3], member) or '', '^%d+')
    local attempt = digits((before or 0) + 1)
    redis.call('HSET', W[3], member, attempt .. ':' .. lease)
    redis.call('ZADD', W[1], digits(lease / 1000), member)
    claimed[#claimed + 1] = member
    claimed[#claimed + 1] = body
    claimed[#claimed + 1] = attempt
    claimed[#claimed + 1] = found[at + 1]
  else
    redis.call('ZREM', W[1], member)
    redis.call('HDEL', W[3], member)
  end
end
claimed[3] = redis.call('ZRANGE', W[1], 0, 0, 'WITHSCORES')[2] or ''
return claimed
