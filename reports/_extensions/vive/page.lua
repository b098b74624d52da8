-- What a page gets once figures and tables have their numbers: cells that say what they head, drawings that are part
-- of the page, wide tables of an author's own that are scrolled alone, and no attribute that HTML does not know: MathML
-- says itself what a formula is.
if not FORMAT:match("html") then
  return {}
end

local WIDE = 2 -- columns that fit on the narrowest screen
-- So begins a drawing of ours; one from elsewhere stays a picture, whatever is in it.
local OURS = "<svg font-family=\"'Source Sans Pro'"

local function scope(rows, last, value)
  for _, row in ipairs(rows) do
    for i = 1, math.min(last, #row.cells) do
      row.cells[i].attr.attributes["scope"] = value
    end
  end
end

local function with_heads(tbl, caption)
  scope(tbl.head.rows, #tbl.colspecs, "col")
  for _, body in ipairs(tbl.bodies) do
    body.row_head_columns = 1
    scope(body.body, 1, "row")
  end
  tbl.attributes["aria-labelledby"] = caption
  return tbl
end

local function drawing(image)
  local file = image.src:match("%.svg$") and io.open(image.src, "rb")
  local svg = file and file:read("a") or ""
  if file then file:close() end
  if svg:sub(1, #OURS) ~= OURS then
    return nil
  end
  local text = image.attributes["alt"] or image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
  local id = "alt-" .. image.src:gsub("^.*/", ""):gsub("%.svg$", "")
  local description = text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" })
  local width = image.attributes["width"]
  local open = string.format('<svg role="img" aria-labelledby="%s"%s', id, width and ' style="width:' .. width .. '"' or "")
  local inner = svg:gsub("^<svg", function() return open end):gsub(">", function()
    return string.format('><desc id="%s">%s</desc>', id, description)
  end, 1)
  return pandoc.RawInline("html", inner)
end

local function within(caption, scrolled)
  return {
    traverse = "topdown",
    Image = drawing,
    Span = function(span)
      if span.attributes["alt"] then
        return span.content
      end
    end,
    Table = function(tbl)
      tbl = with_heads(tbl, caption)
      if scrolled or #tbl.colspecs <= WIDE then
        return tbl, false
      end
      local heads = tbl.head.rows[1] and tbl.head.rows[1].cells or {}
      local label = pandoc.List(heads):map(function(cell) return pandoc.utils.stringify(cell.contents) end)
      local name = table.concat(label, ", ")
      local region = { { "role", "group" }, { "tabindex", "0" }, { "aria-label", name } }
      return pandoc.Div({ tbl }, pandoc.Attr("", { "rul" }, region)), false
    end,
    Div = function(div)
      local own = div.identifier:match("^%l%l%l%-") and div.attributes["alt"]
      if own then
        div.attributes["alt"] = nil
      end
      local inside = scrolled or div.classes:includes("rul")
      -- Quarto says so itself, of a frame around the table.
      local id = div.attributes["aria-describedby"] or caption
      if div.identifier:match("^tbl%-") then
        for _, block in ipairs(div.content) do
          id = block.t == "RawBlock" and block.text:match('<figcaption[^>]* id="([^"]+)"') or id
        end
      end
      if inside ~= scrolled or id ~= caption then
        div.content = div.content:walk(within(id, inside))
        return div, false
      end
      return div
    end,
  }
end

function Pandoc(doc)
  doc.blocks = doc.blocks:walk(within(nil, false))
  return doc
end
