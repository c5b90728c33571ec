//! A picture from a file: a logo, a product.

use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{Across, Down};
use crate::bitmap::{Bitmap, MAX_KEPT};
use crate::geometry::{Point, Rect, Size};
use crate::layout::check::TileCheck;
use crate::layout::kind::{BehindBezel, Room, TileKind};
use crate::layout::problem::Problem;
use crate::layout::wall::Wall;
use crate::scene::list::{Item, List};
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::scene::widgets::marks;
use crate::text::image;

/// A picture from a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImageTable {
    /// The file, a PNG or JPEG of at most 16 MB. Relative to the layout file.
    pub file: PathBuf,
    /// `contain` shows all of it, `cover` fills the tile and crops what does not fit.
    pub fit: ImageFit,
    /// `left`, `center` or `right`.
    #[serde(default = "center")]
    pub align: Across,
    /// `top`, `middle` or `bottom`.
    #[serde(default = "middle")]
    pub valign: Down,
}

/// How a picture takes its tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImageFit {
    #[default]
    Contain,
    Cover,
}

fn center() -> Across {
    Across::Center
}

fn middle() -> Down {
    Down::Middle
}

impl TileKind for ImageTable {
    fn image(&self) -> Option<&Path> {
        Some(&self.file)
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (0.0, 0.0)
    }

    fn words_to_read(&self) -> usize {
        0
    }

    fn behind_bezel(&self) -> BehindBezel {
        BehindBezel::Fine
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        let path = tile.dir().join(&self.file);
        let message = match Bitmap::read(&path) {
            _ if self.file.as_os_str().is_empty() => format!("`{}` has no `file`", tile.name()),
            Ok(_) => return,
            Err(why) => format!("the picture {} {why}", self.file.display()),
        };
        let problem = Problem::error("no-image", tile.value(&["file"]), message).label("here");
        tile.say(problem.help("Name a PNG or JPEG file; its path is relative to the layout file."));
    }
}

impl WidgetTable for ImageTable {
    const KIND: &'static str = "image";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        let image = wall.images.iter().find(|image| image.file == self.file);
        Box::new(Image { spec: self.clone(), bitmap: image.map(|image| image.bitmap.clone()) })
    }
}

struct Image {
    spec: ImageTable,
    bitmap: Option<Arc<Bitmap>>,
}

impl Image {
    /// Size and place in the area. No side is larger than the GPU's sheet of signs holds, pixels.
    fn place(&self, bitmap: &Bitmap, cx: &Cx<'_>) -> Rect {
        let (area, own) = (cx.area, Size::new(bitmap.width as f32, bitmap.height as f32));
        let (across, down) = (area.w / own.w, area.h / own.h);
        let scale = match self.spec.fit {
            ImageFit::Contain => across.min(down),
            ImageFit::Cover => across.max(down),
        };
        let density = cx.wall.displays.iter().map(|d| d.density()).fold(0.1, f32::max);
        let scale = scale.min(MAX_KEPT as f32 / density / own.w.max(own.h));
        let (w, h) = (own.w * scale, own.h * scale);
        let x = match self.spec.align {
            Across::Left => 0.0,
            Across::Center => (area.w - w) / 2.0,
            Across::Right => area.w - w,
        };
        let y = match self.spec.valign {
            Down::Top => 0.0,
            Down::Middle => (area.h - h) / 2.0,
            Down::Bottom => area.h - h,
        };
        Rect::new(area.x + x, area.y + y, w, h)
    }
}

impl Widget for Image {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn framed(&self) -> bool {
        self.spec.fit == ImageFit::Contain
    }

    fn fed(&self) -> bool {
        false
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.bitmap.as_ref().map(|bitmap| Arc::as_ptr(bitmap) as usize).hash(&mut state);
        marks::sum(state)
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let Some(bitmap) = &self.bitmap else {
            return marks::unknown(list, cx.area, cx.scale.mm(12.0), cx.theme.unknown);
        };
        let rect = self.place(bitmap, cx);
        if rect.is_empty() {
            return;
        }
        let shaped = image(bitmap, Size::new(rect.w, rect.h));
        let at = Point::new(rect.x, rect.bottom());
        list.push(Item::Text { shaped, at, color: cx.theme.ink, clip: Some(cx.area) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::wall;
    use crate::scene::widgets::fixture::Stage;

    fn drawn(fit: ImageFit) -> Rect {
        let mut stage = Stage::new(400.0, 100.0);
        let bitmap = Arc::new(Bitmap { width: 20, height: 10, rgba: vec![9; 800] });
        stage.wall.images = vec![wall::Image { file: "logo.png".into(), bitmap }];
        let table = ImageTable { file: "logo.png".into(), fit, align: center(), valign: middle() };
        let mut widget = table.widget(&stage.wall);
        match &stage.still(&mut *widget).items[..] {
            [Item::Text { shaped, at, .. }] => {
                Rect::new(at.x, at.y - shaped.size.h, shaped.size.w, shaped.size.h)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_picture_keeps_its_proportions() {
        assert_eq!(drawn(ImageFit::Contain), Rect::new(200.0, 50.0, 200.0, 100.0));
        assert_eq!(drawn(ImageFit::Cover), Rect::new(100.0, 0.0, 400.0, 200.0));
    }

    #[test]
    fn a_picture_that_is_not_there_leaves_a_hatched_box() {
        let mut stage = Stage::new(400.0, 100.0);
        let mut widget = ImageTable { file: "x.png".into(), ..ImageTable::default() }.widget(&stage.wall);
        assert!(matches!(stage.still(&mut *widget).items[..], [Item::Stroke { .. }]));
    }
}
