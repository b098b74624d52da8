-- Word keeps a picture's description where Pandoc writes the caption, and Quarto drops `fig-alt` on the way there.
function Image(image)
  local description = image.attributes["fig-alt"]
  if description and FORMAT:match("docx") then
    image.caption = pandoc.Inlines({ pandoc.Str(description) })
    return image
  end
end
