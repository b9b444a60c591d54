-- Take what is due in one shard, oldest first, and push it to the end of a lease.
-- Needs due.lua
-- KEYS     1-4 work
-- ARGV     1 most, 2 lease in us
-- Returns  {lease end in us, now in ms, ms when the next is due or '', member, body, attempt, ...}

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
local now = now_us()
local lease = digits(now + ARGV[2])
local claimed = { lease, digits(now / 1000), '' }
for _, member in ipairs(redis.call('ZRANGEBYSCORE', W[1], '-inf', now / 1000, 'LIMIT', 0, ARGV[1])) do
  local body = redis.call('HGET', W[2], member)
  if body then
    local before = string.match(redis.call('HGET', W[3], member) or '', '^%d+')
    local attempt = digits((before or 0) + 1)
    redis.call('HSET', W[3], member, attempt .. ':' .. lease)
    redis.call('ZADD', W[1], digits(lease / 1000), member)
    claimed[#claimed + 1] = member
    claimed[#claimed + 1] = body
    claimed[#claimed + 1] = attempt
  else
    redis.call('ZREM', W[1], member)
    redis.call('HDEL', W[3], member)
  end
end
claimed[3] = redis.call('ZRANGE', W[1], 0, 0, 'WITHSCORES')[2] or ''
return claimed
