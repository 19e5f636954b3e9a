import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_63b77d047e456f5edc4482abd8e21c4186372c68 {
    static final String base64Bytes = String.join("", "LA1hAA==");

    public static void main(String[] args) throws Throwable {
        Crash_63b77d047e456f5edc4482abd8e21c4186372c68.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        konce.fuzz.Fuzzer.fuzzerTestOneInput(input);
    }
}
