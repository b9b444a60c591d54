-- Store jobs, or move those that are there. A repeat of this very request does nothing.
-- Needs due.lua
-- KEYS     1-4 work, 5 once
-- ARGV     1 life of `once` in s, then member, due in ms, body of each job
-- Returns  1, or 0 for a repeat

if not redis.call('SET', KEYS[5], 1, 'NX', 'EX', ARGV[1]) then
  return 0
end
put_all({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, 2)
return 1
