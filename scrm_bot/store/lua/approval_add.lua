-- Store a new approval request with its jobs and its entries in the audit log, once.
-- Needs due.lua
-- Needs audit.lua
-- KEYS     1-4 work, 5 approval, 6 open, 7 latest of the post, 8 scheduled, 9 audit
-- ARGV     1 id, 2 version, 3 write id, 4 body, 5 most entries that are kept, 6 how many there are,
--          7 created in ms, then the entries, then member, due in ms, body of each job
-- Returns  the body that is stored: the one before, where the request was there

local before = redis.call('HGET', KEYS[5], 'body')
if before then
  return before
end
local entries = tonumber(ARGV[6])
record(KEYS[9], ARGV[5], 8, entries)
put_all({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, 8 + entries)
redis.call('HSET', KEYS[5], 'version', ARGV[2], 'write', ARGV[3], 'body', ARGV[4])
redis.call('ZADD', KEYS[6], ARGV[7], ARGV[1])
redis.call('SET', KEYS[7], ARGV[1])
return ARGV[4]
