//! Pictures that must be the same to the pixel.

use fishbowl::bitmap::Bitmap;

/// Fails with the number of pixels that differ; both pictures are saved for looking at, in files that begin with `name`.
pub fn assert_alike(name: &str, shown: &[Bitmap], fresh: &[Bitmap]) {
    assert_eq!(shown.len(), fresh.len());
    for (i, (shown, fresh)) in shown.iter().zip(fresh).enumerate() {
        let pairs = shown.rgba.chunks(4).zip(fresh.rgba.chunks(4));
        let differ = pairs.filter(|(a, b)| a != b).count();
        if differ > 0 {
            let folder = std::env::temp_dir();
            for (which, picture) in [("shown", shown), ("fresh", fresh)] {
                let file = folder.join(format!("fishbowl-{name}-{which}.png"));
                let (w, h) = (picture.width, picture.height);
                let kind = image::ExtendedColorType::Rgba8;
                image::save_buffer(file, &picture.rgba, w, h, kind).expect("the folder is writable");
            }
            panic!("{differ} pixels of display {i} differ; see {}", folder.display());
        }
    }
}
