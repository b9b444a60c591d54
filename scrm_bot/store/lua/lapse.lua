-- Whether Redis may have forgotten its newest writes, put behind due.lua and in front of the scripts that ask.

-- How many us are left until what a call that was forgotten may do has been done, of `settle` us since this
-- Redis began anew; that is noted here. A primary that begins anew calls its data by another name. 0 where the
-- shard has nothing noted yet, or Redis does not tell its name.
local function lapse_left(history, settle)
  local told = redis.pcall('INFO', 'replication')
  local name = type(told) == 'string' and string.match(told, 'master_replid:(%x+)')
  if not name then
    return 0
  end
  local now = now_us()
  local known, since = string.match(redis.call('GET', history) or '', '^(%x+):(%d+)$')
  if known == name and tonumber(since) <= now then
    return math.max(0, since + settle - now)
  end
  -- another name; or a clock that was set back, by which nobody waits longer than the whole time
  redis.call('SET', history, name .. ':' .. digits(known and now or 0))
  return known and settle or 0
end
