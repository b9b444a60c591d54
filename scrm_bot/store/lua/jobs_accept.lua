-- Store a job and claim it, unless its delivery was seen before. A repeat of this very request is answered
-- as the first time: its answer was lost on the way.
-- Needs due.lua
-- KEYS     1-4 work, 5 seen
-- ARGV     1 request id, 2 life of `seen` in s, 3 lease in us, 4 member, 5 body
-- Returns  until when the lease holds in us, or false for a delivery that was seen before

local W = { KEYS[1], KEYS[2], KEYS[3], KEYS[4] }
local lease = digits(now_us() + ARGV[3])
local mark = ARGV[1] .. ':'
if not redis.call('SET', KEYS[5], mark .. lease, 'NX', 'EX', ARGV[2]) then
  local before = redis.call('GET', KEYS[5])
  if string.sub(before, 1, #mark) == mark then
    return string.sub(before, #mark + 1)
  end
  return false
end
redis.call('HSET', W[2], ARGV[4], ARGV[5])
redis.call('HSET', W[3], ARGV[4], '1:' .. lease)
redis.call('ZADD', W[1], digits(lease / 1000), ARGV[4])
return lease
