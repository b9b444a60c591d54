-- Store one channel's digest schedule with its jobs. A repeat of this very request does nothing.
-- Needs due.lua
-- KEYS     1-4 work, 5 once, 6 digests
-- ARGV     1 life of `once` in s, 2 channel, 3 body, then member, due in ms, body of each job
-- Returns  1, or 0 for a repeat

if not redis.call('SET', KEYS[5], 1, 'NX', 'EX', ARGV[1]) then
  return 0
end
put_all({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, 4)
redis.call('HSET', KEYS[6], ARGV[2], ARGV[3])
return 1
