-- Quarto sets a numbered figure or table of a Word file in a table of one cell. A screen reader announces that as a
-- table, and every cell inside is centred. Take the content out again: the caption, then the picture or the table.
local STYLE = { fig = "Image Caption", tbl = "Table Caption" }

local function styled(blocks, style)
  return pandoc.Div(blocks, { ["custom-style"] = style })
end

local function lone_div(tbl)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.body)
  end
  local cell = #rows == 1 and #rows[1].cells == 1 and rows[1].cells[1].contents
  if cell and #cell == 1 and cell[1].t == "Div" then
    return cell[1]
  end
end

function Table(tbl)
  local float = FORMAT:match("docx") and lone_div(tbl)
  local kind = float and float.identifier:match("^(%l%l%l)%-")
  if not STYLE[kind] then
    return nil
  end
  local caption = float.content[1].content:filter(function(inline) return inline.t ~= "RawInline" end)
  float.content[1] = styled({ pandoc.Para(caption) }, STYLE[kind])
  if kind == "fig" then
    for i = 2, #float.content do
      float.content[i] = styled({ float.content[i] }, "Captioned Figure")
    end
  end
  return float
end
