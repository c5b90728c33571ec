//! The I2C buses in the cables of monitors, as Linux has them: which one belongs to a connector
//! (Documentation/ABI/testing/sysfs-class-drm: the link `ddc`), and how a monitor on it is reached
//! (Documentation/i2c/dev-interface.rst).

use std::path::{Path, PathBuf};

use super::ddc::Bus;
use super::said::Trouble;
use crate::layout::backlight::BacklightSpec;

/// A monitor that can be spoken to.
pub struct Reached {
    pub bus: Box<dyn Bus>,
    /// What tells it from other monitors, as its EDID does; empty where the driver does not tell.
    pub monitor: String,
}

/// Where Linux has connectors, and devices.
#[derive(Clone, Debug)]
pub struct Buses {
    pub connectors: PathBuf,
    pub devices: PathBuf,
}

impl Default for Buses {
    fn default() -> Self {
        Self { connectors: "/sys/class/drm".into(), devices: "/dev".into() }
    }
}

impl Buses {
    /// Opens the bus of the monitor at this connector.
    ///
    /// # Errors
    /// Why it cannot be, and what to do.
    pub fn reach(&self, spec: &BacklightSpec, connector: Option<&str>) -> Result<Reached, Trouble> {
        let folder = connector.map(|connector| self.folder(connector));
        let device = match (&spec.bus, &folder) {
            (Some(bus), _) => bus.clone(),
            (None, Some(folder)) => self.device(folder.as_ref().map_err(Clone::clone)?)?,
            (None, None) => return Err(Trouble::Silent("the display has no monitor".into())),
        };
        let monitor = folder.and_then(Result::ok).map(|folder| identity(&folder)).unwrap_or_default();
        Ok(Reached { bus: open(&device)?, monitor })
    }

    /// The folder of a connector. Two graphics cards may both have one of this name: then the one with a monitor.
    fn folder(&self, connector: &str) -> Result<PathBuf, Trouble> {
        let is_named = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split_once('-'));
            name.is_some_and(|(card, name)| card.starts_with("card") && name == connector)
        };
        let entries = std::fs::read_dir(&self.connectors).into_iter().flatten().filter_map(Result::ok);
        let mut named: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_named).collect();
        if named.len() > 1 {
            let is_used = |folder: &PathBuf| {
                std::fs::read_to_string(folder.join("status"))
                    .is_ok_and(|status| status.trim() == "connected")
            };
            named.retain(is_used);
        }
        match named.len() {
            1 => Ok(named.remove(0)),
            0 => Err(unknown(format!("the kernel has no connector {connector}"))),
            _ => Err(unknown(format!("two graphics cards have a connector {connector}"))),
        }
    }

    /// The device of a connector's bus. A DisplayPort has a bus of its own below it; its `ddc` can be that of a plug
    /// beside it, which an adapter would use.
    fn device(&self, folder: &Path) -> Result<PathBuf, Trouble> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut below: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_bus(name))
            .collect();
        below.sort();
        let linked = || {
            let target = std::fs::canonicalize(folder.join("ddc")).ok()?;
            let name = target.file_name()?.to_string_lossy().into_owned();
            is_bus(&name).then_some(name)
        };
        let name = below.into_iter().next().or_else(linked);
        name.map(|name| self.devices.join(name)).ok_or_else(|| {
            let connector = folder.file_name().unwrap_or_default().to_string_lossy();
            unknown(format!("the graphics driver does not tell which I2C bus {connector} has"))
        })
    }
}

fn unknown(why: String) -> Trouble {
    Trouble::Refused(format!("{why}; name it: `bus = \"/dev/i2c-5\"` (`ddcutil detect` lists them)"))
}

fn is_bus(name: &str) -> bool {
    name.strip_prefix("i2c-").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Maker, product, serial number and date of making in an EDID (VESA E-EDID, section 3.4), in hexadecimal digits.
fn identity(folder: &Path) -> String {
    let edid = std::fs::read(folder.join("edid")).unwrap_or_default();
    edid.get(8..18).unwrap_or_default().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(target_os = "linux")]
fn open(device: &Path) -> Result<Box<dyn Bus>, Trouble> {
    use std::io::ErrorKind;

    use rustix::ioctl::{IntegerSetter, ioctl};

    use super::ddc::ADDRESS;

    /// `I2C_SLAVE` of linux/i2c-dev.h.
    const ADDRESS_OF: u32 = 0x0703;

    let shown = device.display();
    let file = std::fs::File::options().read(true).write(true).open(device).map_err(|error| {
        Trouble::Refused(match error.kind() {
            ErrorKind::NotFound => {
                format!("there is no {shown}; load the module that makes it: `sudo modprobe i2c-dev`")
            }
            ErrorKind::PermissionDenied => format!(
                "this user may not open {shown}; put it into the group that may: `sudo usermod -aG i2c $USER`"
            ),
            _ => format!("{shown}: {error}"),
        })
    })?;
    // SAFETY: the request takes a number, and reads and writes no memory.
    let addressed = unsafe { ioctl(&file, IntegerSetter::<ADDRESS_OF>::new_usize(usize::from(ADDRESS))) };
    addressed.map_err(|error| {
        Trouble::Refused(match error {
            rustix::io::Errno::BUSY => {
                format!("the kernel's own driver has the monitor on {shown}; unload it: `sudo rmmod ddcci`")
            }
            _ => format!("{shown} is not an I2C bus ({error})"),
        })
    })?;
    Ok(Box::new(file))
}

#[cfg(not(target_os = "linux"))]
fn open(_: &Path) -> Result<Box<dyn Bus>, Trouble> {
    Err(Trouble::Refused("monitors are dimmed through DDC/CI on Linux only".into()))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// A made-up `/sys/class/drm`, as drivers make it.
    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a folder"))
        }

        fn buses(&self) -> Buses {
            Buses { connectors: self.0.path().join("drm"), devices: self.0.path().join("dev") }
        }

        /// A connector; its bus is linked, and there is one below it.
        fn connector(&self, name: &str, status: &str, linked: Option<&str>, below: Option<&str>) {
            let folder = self.0.path().join("drm").join(name);
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("status"), format!("{status}\n")).expect("a file");
            let edid: Vec<u8> = (0..128).collect();
            std::fs::write(folder.join("edid"), edid).expect("a file");
            if let Some(linked) = linked {
                let adapter = self.0.path().join("pci").join(linked);
                std::fs::create_dir_all(&adapter).expect("a folder");
                std::os::unix::fs::symlink(adapter, folder.join("ddc")).expect("a link");
            }
            if let Some(below) = below {
                std::fs::create_dir_all(folder.join(below)).expect("a folder");
            }
        }

        fn device(&self, connector: &str) -> Result<String, Trouble> {
            let buses = self.buses();
            let device = buses.device(&buses.folder(connector)?)?;
            Ok(device.strip_prefix(&buses.devices).expect("it is a device").display().to_string())
        }
    }

    fn refused(said: Result<impl std::fmt::Debug, Trouble>, words: &str) {
        assert!(matches!(&said, Err(Trouble::Refused(why)) if why.contains(words)), "{said:?}");
    }

    #[test]
    fn the_bus_of_a_connector_is_found_as_drivers_tell_it() {
        let tree = Tree::new();
        tree.connector("card0-HDMI-A-1", "connected", Some("i2c-4"), None);
        tree.connector("card0-DP-1", "connected", Some("i2c-5"), Some("i2c-9"));
        tree.connector("card0-DP-2", "connected", None, Some("i2c-10"));
        tree.connector("card0-DP-3", "connected", None, None);
        tree.connector("card0-DP-4", "connected", Some("gpio"), Some("drm_dp_aux3"));
        let found = ["HDMI-A-1", "DP-1", "DP-2"].map(|connector| tree.device(connector));
        assert_eq!(found, ["i2c-4", "i2c-9", "i2c-10"].map(|bus| Ok(bus.to_owned())));
        for connector in ["DP-3", "DP-4"] {
            refused(tree.device(connector), "does not tell which I2C bus card0-DP-");
        }
        refused(tree.device("DP"), "the kernel has no connector DP; name it: `bus =");
        // A second card.
        tree.connector("card1-HDMI-A-1", "disconnected", Some("i2c-11"), None);
        tree.connector("card1-DP-1", "connected", None, Some("i2c-12"));
        assert_eq!(tree.device("HDMI-A-1"), Ok("i2c-4".into()), "the other has no monitor");
        refused(tree.device("DP-1"), "two graphics cards have a connector DP-1");
        assert_eq!(identity(&tree.buses().folder("DP-2").expect("it is there")), "08090a0b0c0d0e0f1011");
    }

    #[test]
    fn what_cannot_be_opened_is_told_with_what_to_do() {
        let tree = Tree::new();
        tree.connector("card0-DP-1", "connected", None, Some("i2c-9"));
        let (buses, own) = (tree.buses(), BacklightSpec::default());
        let reach =
            |spec: &BacklightSpec, connector| buses.reach(spec, connector).map(|reached| reached.monitor);
        refused(reach(&own, Some("DP-1")), "i2c-9; load the module that makes it: `sudo modprobe i2c-dev`");
        assert!(matches!(reach(&own, None), Err(Trouble::Silent(why)) if why.contains("has no monitor")));
        std::fs::create_dir_all(&buses.devices).expect("a folder");
        std::fs::write(buses.devices.join("i2c-9"), "").expect("a file");
        refused(reach(&own, Some("DP-1")), "i2c-9 is not an I2C bus");
        let named = BacklightSpec { bus: Some("/dev/i2c-4294".into()) };
        refused(reach(&named, Some("DP-7")), "there is no /dev/i2c-4294");
    }
}
