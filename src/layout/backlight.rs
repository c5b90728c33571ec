//! How the light of a display's panel is set: `backlight` in its table.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// What dims a panel itself, in place of its picture.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BacklightTable {
    /// `ddc`: through the monitor's cable (DDC/CI). The monitor's own brightness is set to what `brightness` of the
    /// mode leaves of it, and set back afterwards.
    pub kind: BacklightKind,
    /// The I2C bus of the monitor, where the driver does not tell which one that is: `"/dev/i2c-5"`. Default: that of
    /// the connector on which the display is shown.
    #[serde(default)]
    pub bus: Option<PathBuf>,
}

/// How a backlight is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BacklightKind {
    Ddc,
}

/// A backlight that is set through DDC/CI.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BacklightSpec {
    /// The device of its I2C bus; `None` for that of its connector.
    pub bus: Option<PathBuf>,
}

impl BacklightTable {
    pub fn spec(&self) -> BacklightSpec {
        let BacklightKind::Ddc = self.kind;
        BacklightSpec { bus: self.bus.clone() }
    }

    /// Whether its bus, where it has one, can be the device of an I2C bus.
    pub fn has_sound_bus(&self) -> bool {
        let Some(bus) = &self.bus else { return true };
        let name = bus.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| name.strip_prefix("i2c-"));
        bus.is_absolute() && number.is_some_and(|number| number.parse::<u32>().is_ok())
    }
}
