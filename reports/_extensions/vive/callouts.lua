-- A callout becomes a box with a title, before Quarto makes one that needs its own scripts and icons:
--   ::: {.callout-note title="..."}  or a heading as its first line; without either, the word for its kind.
-- Kinds that warn have the colour of a warning. What folds a callout away in a browser is left out: all of it is read.
local TITLE = {
  da = { note = "Note", tip = "Tip", important = "Vigtigt", warning = "Advarsel", caution = "Forsigtig" },
  en = { note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution" },
}
local WARNS = { warning = true, caution = true }
local words = TITLE.da

local function box(div)
  local class = div.classes:find_if(function(name) return TITLE.da[name:match("^callout%-(%l+)$") or ""] ~= nil end)
  if not class then
    return nil
  end
  local kind, content, title = class:match("%l+$"), div.content:clone(), nil
  if div.attributes["title"] then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes["title"], "markdown").blocks)
  elseif content[1] and content[1].t == "Header" then
    title = content:remove(1).content
  else
    title = pandoc.Inlines(words[kind])
  end
  content:insert(1, pandoc.Para({ pandoc.Strong(title) }))
  return pandoc.Div(content, pandoc.Attr("", { WARNS[kind] and "advarsel" or "boks" }))
end

function Pandoc(doc)
  words = TITLE[pandoc.utils.stringify(doc.meta.lang or "da"):sub(1, 2)] or TITLE.en
  doc.blocks = doc.blocks:walk({ Div = box })
  return doc
end
