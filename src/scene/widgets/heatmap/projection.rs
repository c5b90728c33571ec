//! The Equal Earth projection (Šavrič, Patterson and Jenny 2018, doi:10.1080/13658816.2018.1504949):
//! equal areas on the earth stay equal on the wall, so that density is honest.

/// The map's middle. Its edge then runs through the Bering Strait and cuts no country in two.
pub const CENTER_LON: f32 = 11.0;

const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];

/// Where a place (degrees) lies on a sphere of radius 1: x to the east of the map's middle, −2.71
/// to 2.71, y to the north of the equator, −1.32 to 1.32.
pub fn project(lat: f32, lon: f32) -> (f32, f32) {
    let lambda = f64::from(from_center(lon)).to_radians();
    let theta = (3f64.sqrt() / 2.0 * f64::from(lat.clamp(-90.0, 90.0)).to_radians().sin()).asin();
    let t2 = theta * theta;
    let t6 = t2 * t2 * t2;
    let slope = 9.0 * A[3] * t6 * t2 + 7.0 * A[2] * t6 + 3.0 * A[1] * t2 + A[0];
    let x = 2.0 * 3f64.sqrt() * lambda * theta.cos() / (3.0 * slope);
    let y = theta * (A[3] * t6 * t2 + A[2] * t6 + A[1] * t2 + A[0]);
    (x as f32, y as f32)
}

/// Degrees to the east of the map's middle, −180 to 180.
fn from_center(lon: f32) -> f32 {
    let turned = lon - CENTER_LON;
    if (-180.0..=180.0).contains(&turned) { turned } else { (turned + 180.0).rem_euclid(360.0) - 180.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values by PROJ 9 (`+proj=eqearth +R=1`), longitudes counted from the middle.
    #[test]
    fn known_points() {
        let known = [
            (0.0, 0.0, 0.0, 0.0),
            (0.0, 180.0, 2.706_63, 0.0),
            (90.0, 0.0, 0.0, 1.317_363),
            (90.0, 180.0, 1.603_589, 1.317_363),
            (40.7, -74.0, -0.981_862, 0.786_841),
            (35.7, 139.7, 1.909_466, 0.698_035),
            (-45.0, 30.0, 0.386_618, -0.860_231),
        ];
        for (lat, from_middle, x, y) in known {
            let got = project(lat, CENTER_LON + from_middle);
            assert!((got.0 - x).abs() < 2e-5 && (got.1 - y).abs() < 2e-5, "{lat} {from_middle}: {got:?}");
        }
    }

    #[test]
    fn the_edge_runs_through_the_bering_strait() {
        let (chukotka, _) = project(66.0, -170.0);
        let (alaska, _) = project(65.6, -168.0);
        assert!(chukotka > 1.5 && alaska < -1.5);
    }

    #[test]
    fn areas_are_true() {
        let area = |lat: f32| {
            let (x0, y0) = project(lat, CENTER_LON);
            let (x1, y1) = project(lat + 0.1, CENTER_LON + 0.1);
            f64::from((x1 - x0) * (y1 - y0)) / f64::from(lat + 0.05).to_radians().cos()
        };
        for lat in [-50.0, 30.0, 60.0] {
            assert!((area(lat) / area(0.0) - 1.0).abs() < 0.01, "{lat}");
        }
    }
}
