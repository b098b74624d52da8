-- What the reports add to Markdown, written for each format. Used by Quarto and by the built-in engine alike.
--   :::: {.forside}    the title page, written by a cell: divs .title .subtitle .author .date .publisher .stamp .kolofon,
--                      one paragraph per author or publication fact; they win over the header of the document
--   ::: {.hovedfund}   a main finding, set in a box
--   ::: {.note}        "Anm.:" and "Kilde:" below a figure or a table
--   stamp              a warning on every page (the Typst template and the Word page header repeat it)
--   kolofon            publication facts: after the title page in PDF, at the end of the others
--   95 %               a number stays on the line of its "%", "%-interval" or "pct."
--   tables             header cells say what they head (HTML)
--   texts of users     come with stand-ins for signs that could be markup (reports/user_text.py); put the signs back
--   a.svg              Word gets a.png, which the report has written beside it

local html, typst, docx = FORMAT:match("html"), FORMAT:match("typst"), FORMAT:match("docx")
local WORD_STYLE = { hovedfund = "Hovedfund", note = "Note" }
local TITLE_PAGE = pandoc.List({ "title", "subtitle", "author", "date", "publisher", "stamp", "kolofon" })
local LISTS = { author = true, kolofon = true }

-- U+13000 to U+1307F stand for the ASCII signs; U+13001 and U+13002 hold the number of another sign.
local function signs(text)
  text = text:gsub("\xF0\x93\x80\x81(%x+)\xF0\x93\x80\x82", function(number)
    return utf8.char(tonumber(number, 16))
  end)
  return (text:gsub("\xF0\x93([\x80\x81])([\x80-\xBF])", function(high, low)
    return string.char((high:byte() - 0x80) * 64 + low:byte() - 0x80)
  end))
end

function Str(str)
  return pandoc.Str(signs(str.text))
end

function Div(div)
  local box = div.classes:find_if(function(class) return WORD_STYLE[class] ~= nil end)
  if not box then
    return nil
  end
  if docx then
    div.attributes["custom-style"] = WORD_STYLE[box]
    return div
  elseif typst then
    local open, close = pandoc.RawBlock("typst", "#" .. box .. "["), pandoc.RawBlock("typst", "]")
    return pandoc.Blocks({ open }) .. div.content .. pandoc.Blocks({ close })
  end
end

local function scope(rows, last, value)
  for _, row in ipairs(rows) do
    for i = 1, math.min(last, #row.cells) do
      row.cells[i].attr.attributes["scope"] = value
    end
  end
end

function Table(tbl)
  if html then
    scope(tbl.head.rows, #tbl.colspecs, "col")
    for _, body in ipairs(tbl.bodies) do
      body.row_head_columns = 1
      scope(body.body, 1, "row")
    end
    return tbl
  end
end

-- A number and the sign that says what it counts are not set apart by a line break.
local function keep_together(inlines)
  for i = 2, #inlines - 1 do
    local before, after = inlines[i - 1], inlines[i + 1]
    if inlines[i].t == "Space" and before.t == "Str" and after.t == "Str"
      and before.text:match("%d$") and (after.text:match("^%%") or after.text:match("^pct%.")) then
      inlines[i] = pandoc.Str("\u{a0}")
    end
  end
  return inlines
end

function Image(image)
  for name, value in pairs(image.attributes) do
    image.attributes[name] = signs(value)
  end
  if docx then
    image.src = image.src:gsub("%.svg$", ".png")
  end
  return image
end

-- A paragraph that begins with "22. november" has been read as a list from 22: undo that.
local function line_of(block)
  if block.t ~= "OrderedList" then
    return pandoc.Inlines(block.content)
  end
  local line = pandoc.Inlines({ pandoc.Str(block.start .. "."), pandoc.Space() })
  return line .. pandoc.utils.blocks_to_inlines(block.content[1])
end

-- Take the title page out of the text and into the metadata, where every template looks for it.
local function title_page(doc)
  local function field(div)
    local name = div.classes[1]
    if TITLE_PAGE:includes(name) then
      local lines = div.content:map(function(block) return pandoc.MetaInlines(line_of(block)) end)
      doc.meta[name] = LISTS[name] and pandoc.MetaList(lines) or lines[1]
    end
  end
  doc.blocks = doc.blocks:walk({
    Div = function(div)
      if div.classes:includes("forside") then
        div.content:walk({ Div = field })
        doc.meta.pagetitle = doc.meta.title and pandoc.utils.stringify(doc.meta.title)
        return {}
      end
    end,
  })
end

local function publication_facts(kolofon)
  local facts = pandoc.Blocks({})
  for _, line in ipairs(kolofon) do
    facts:insert(pandoc.Para(pandoc.Inlines(line)))
  end
  return pandoc.Blocks({
    pandoc.Header(1, "Kolofon", { id = "kolofon", class = "unnumbered unlisted" }),
    pandoc.Div(facts, { class = "kolofon", ["custom-style"] = "Kolofon" }),
  })
end

local function stamp_block(stamp)
  if docx then
    -- The page header repeats the nearest paragraph of this style, so there must be one, if only a blank.
    local text = stamp and pandoc.Inlines(stamp) or pandoc.Inlines({ pandoc.Str("\u{a0}") })
    return pandoc.Div({ pandoc.Para(text) }, { ["custom-style"] = "Stempel" })
  elseif stamp then
    return pandoc.Div({ pandoc.Plain(pandoc.Inlines(stamp)) }, { class = "stempel", role = "note" })
  end
end

function Pandoc(doc)
  title_page(doc)
  doc.blocks = doc.blocks:walk({ Inlines = keep_together })
  if not typst then
    local stamp = stamp_block(doc.meta.stamp)
    if stamp then
      doc.blocks:insert(1, stamp)
    end
    if doc.meta.kolofon then
      doc.blocks:extend(publication_facts(doc.meta.kolofon))
    end
  end
  return doc
end
